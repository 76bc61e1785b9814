use serde::Serialize;
use serde_json::Value;

use super::{on, reply::PoolReply};
use crate::Error;

/// What a user is told, in place of Cognito's own words; what is `None` is as usual.
///
/// A text has to have the [`code_parameter`](on::CustomMessage::code_parameter), where Cognito puts the code in, and a text to
/// a user whom an administrator made the [`username_parameter`](on::CustomMessage::username_parameter) as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomMessageReply {
    /// The text message.
    pub sms_message: Option<String>,
    /// The e-mail, in HTML if one likes.
    pub email_message: Option<String>,
    /// The e-mail's subject.
    pub email_subject: Option<String>,
}

impl PoolReply<on::CustomMessage> for CustomMessageReply {
    fn response(self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}
