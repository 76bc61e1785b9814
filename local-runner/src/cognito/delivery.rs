use std::time::Duration;

use super::{
    Context, challenge,
    code::{CONFIRMATION_LIFE, Code, RECOVERY_LIFE},
    error::Error,
    message::{CodeDelivery, Content, Medium, Message},
    pool::Pool,
    trigger,
};

/// Why a code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    SignUp,
    ResendCode,
    ForgotPassword,
    VerifyUserAttribute,
    UpdateUserAttribute,
    Authentication,
}

impl Purpose {
    fn life(self) -> Duration {
        match self {
            Self::SignUp | Self::ResendCode | Self::VerifyUserAttribute | Self::UpdateUserAttribute => {
                CONFIRMATION_LIFE
            }
            Self::ForgotPassword => RECOVERY_LIFE,
            Self::Authentication => challenge::LIFE,
        }
    }

    /// What a function of the pool is told of it.
    fn source(self) -> &'static str {
        match self {
            Self::SignUp => "SignUp",
            Self::ResendCode => "ResendCode",
            Self::ForgotPassword => "ForgotPassword",
            Self::VerifyUserAttribute => "VerifyUserAttribute",
            Self::UpdateUserAttribute => "UpdateUserAttribute",
            Self::Authentication => "Authentication",
        }
    }

    fn content(self, digits: String) -> Content {
        match self {
            Self::SignUp | Self::ResendCode => Content::ConfirmationCode(digits),
            Self::ForgotPassword => Content::RecoveryCode(digits),
            Self::VerifyUserAttribute | Self::UpdateUserAttribute => Content::VerificationCode(digits),
            Self::Authentication => Content::SignInCode(digits),
        }
    }
}

/// A code that is on its way.
pub(super) struct Sent {
    pub(super) code: Code,
    pub(super) delivery: CodeDelivery,
}

impl Pool {
    /// Sends a code to an address of a user: the only place from which codes go. Nothing, if the user has no such address.
    pub(super) fn send_code(
        &mut self,
        context: &Context<'_>,
        key: &str,
        purpose: Purpose,
        medium: Medium,
    ) -> Result<Option<Sent>, Error> {
        let Some(user) = self.users.get(key) else { return Ok(None) };
        let Some(destination) = user.address(medium).map(str::to_owned) else { return Ok(None) };
        let username = user.username.clone();
        let code = Code::new(medium, context.random, context.now, purpose.life());
        let words = trigger::custom_message(self, context, user, (medium, &code.digits), purpose.source())?;
        let content = words.map_or_else(|| purpose.content(code.digits.clone()), Content::Words);
        let delivery = CodeDelivery::to(medium, &destination);
        self.send(Message { pool: self.name.clone(), username, medium, destination, content, sent: context.now });
        Ok(Some(Sent { code, delivery }))
    }
}
