use serde::Serialize;
use serde_json::Value;

use super::{on, reply::PoolReply};
use crate::Error;

/// What becomes of somebody who signs up: by default, what would without the handler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreSignUpReply {
    /// The user needs no code and can sign in at once.
    pub auto_confirm_user: bool,
    /// The e-mail address is known to be the user's; there has to be one.
    pub auto_verify_email: bool,
    /// The phone number is known to be the user's; there has to be one.
    pub auto_verify_phone: bool,
}

impl PoolReply<on::PreSignUp> for PreSignUpReply {
    fn response(self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}

impl PoolReply<on::PreSignUp> for () {
    fn response(self) -> Result<Value, Error> {
        PreSignUpReply::default().response()
    }
}
