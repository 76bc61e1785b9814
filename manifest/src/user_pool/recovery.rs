use super::{Mfa, MfaMethod, SignIn, UserPool};

/// How a user who has forgotten the password is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// By e-mail, at an address that is known to be the user's.
    VerifiedEmail,
    /// By text message, in the same way.
    VerifiedPhoneNumber,
    /// Not at all: an administrator sets another password.
    AdminOnly,
}

impl Recovery {
    /// Cognito's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifiedEmail => "verified_email",
            Self::VerifiedPhoneNumber => "verified_phone_number",
            Self::AdminOnly => "admin_only",
        }
    }

    /// The ways of a pool, the first first: by the address that the pool verifies. What is a second factor is not enough to choose a
    /// new password, too: Cognito refuses text messages where everyone has them as a factor (aws/aws-cdk#11478), and e-mail alone
    /// where it is one (hashicorp/terraform-provider-aws#41049).
    pub fn of(sign_in: SignIn, mfa: Option<&Mfa>) -> Vec<Self> {
        let (own, other) = match sign_in {
            SignIn::Email | SignIn::Username => (Self::VerifiedEmail, Self::VerifiedPhoneNumber),
            SignIn::Phone => (Self::VerifiedPhoneNumber, Self::VerifiedEmail),
        };
        let is_factor = |method| mfa.is_some_and(|mfa| mfa.methods.contains(&method));
        let (by_text, by_email) = (is_factor(MfaMethod::Sms), is_factor(MfaMethod::Email));
        let needs_text = by_text && mfa.is_some_and(|mfa| mfa.required);
        match (by_text || by_email, needs_text) {
            (false, _) => vec![own],
            (true, false) => vec![own, other],
            (true, true) if by_email => vec![Self::AdminOnly],
            (true, true) => vec![Self::VerifiedEmail],
        }
    }
}

impl UserPool {
    /// How its users are reached who have forgotten the password, the first way first.
    pub fn recovery(&self) -> Vec<Recovery> {
        Recovery::of(self.sign_in, self.mfa.as_ref())
    }
}
