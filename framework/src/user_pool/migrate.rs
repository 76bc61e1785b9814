use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{on, reply::PoolReply};
use crate::Error;

/// A user as another directory knows them, whom the pool takes over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MigratedUser {
    user_attributes: BTreeMap<String, String>,
    final_user_status: FinalStatus,
    message_action: &'static str,
}

/// How a user is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FinalStatus {
    /// With the password that they sign in with; the handler has judged it.
    Confirmed,
    /// Without a password: they need a new one, by a code.
    ResetRequired,
}

impl MigratedUser {
    /// A user without attributes yet. Cognito sends no message to them.
    pub fn new(status: FinalStatus) -> Self {
        Self { user_attributes: BTreeMap::new(), final_user_status: status, message_action: "SUPPRESS" }
    }

    /// Gives the user an attribute: `email`, and `email_verified` if it is known to be theirs.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.user_attributes.insert(name.into(), value.into());
        self
    }
}

impl PoolReply<on::MigrateUser> for MigratedUser {
    fn response(self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}

/// `None`: there is no such user, and to the client it is as if nobody had asked.
impl PoolReply<on::MigrateUser> for Option<MigratedUser> {
    fn response(self) -> Result<Value, Error> {
        self.map_or_else(|| Ok(Value::Object(Map::new())), PoolReply::response)
    }
}
