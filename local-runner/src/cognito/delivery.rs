use std::time::Duration;

use super::{
    Context, challenge,
    code::{CONFIRMATION_LIFE, Code, RECOVERY_LIFE},
    message::{CodeDelivery, Content, Medium, Message},
    pool::Pool,
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
    ) -> Option<Sent> {
        let user = self.users.get(key)?;
        let destination = user.address(medium)?.to_owned();
        let username = user.username.clone();
        let code = Code::new(context.random, context.now, purpose.life());
        let content = purpose.content(code.digits.clone());
        let delivery = CodeDelivery::to(medium, &destination);
        self.send(Message { pool: self.name.clone(), username, medium, destination, content, sent: context.now });
        Some(Sent { code, delivery })
    }
}
