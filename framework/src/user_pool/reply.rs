use serde_json::{Map, Value};
use skyloom_manifest::PoolEventVersion;

use super::on;
use crate::Error;

/// What a handler of a user pool may return on the occasion `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer to the question `{R}` of a user pool",
    label = "no answer to this question",
    note = "`pre-sign-up` takes `PreSignUpReply`, `pre-token-generation` `IdTokenReply` or `TokensReply`, `custom-message` `CustomMessageReply`, `migrate-user` `Option<MigratedUser>`",
    note = "`define-auth-challenge` takes `AuthStep`, `create-auth-challenge` `AuthChallenge`, `verify-auth-challenge-response` `bool`, all others nothing",
    note = "each may be in a `Result`, whose error refuses what the client wanted"
)]
pub trait PoolReply<R> {
    /// The version of the event that this is an answer to.
    const VERSION: PoolEventVersion = PoolEventVersion::V1;

    /// The event's `response`.
    ///
    /// # Errors
    /// What the client wanted is refused.
    fn response(self) -> Result<Value, Error>;
}

impl<R, A: PoolReply<R>, E: Into<Error>> PoolReply<R> for Result<A, E> {
    const VERSION: PoolEventVersion = A::VERSION;

    fn response(self) -> Result<Value, Error> {
        self.map_err(Into::into)?.response()
    }
}

/// On these occasions a handler lets it be as it is, or refuses.
macro_rules! may_say_nothing {
    ($($occasion:ident),*) => {$(
        impl PoolReply<on::$occasion> for () {
            fn response(self) -> Result<Value, Error> {
                Ok(Value::Object(Map::new()))
            }
        }
    )*};
}

may_say_nothing!(PostConfirmation, PreAuthentication, PostAuthentication, PreTokenGeneration);
