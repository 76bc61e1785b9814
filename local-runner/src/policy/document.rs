//! A policy as it is written.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Document {
    version: Option<Version>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub(super) statement: Vec<StatementDocument>,
}

impl Document {
    /// Only policies of the current version have variables; one that names none is of the old.
    pub(super) fn has_variables(&self) -> bool {
        matches!(self.version, Some(Version::Current))
    }
}

#[derive(Deserialize)]
pub(super) enum Version {
    #[serde(rename = "2012-10-17")]
    Current,
    #[serde(rename = "2008-10-17")]
    Old,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct StatementDocument {
    #[serde(rename = "Sid")]
    _sid: Option<String>,
    pub(super) effect: Effect,
    /// Only in resource-based policies.
    pub(super) principal: Option<Value>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    pub(super) action: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    pub(super) not_action: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    pub(super) resource: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some_one_or_many")]
    pub(super) not_resource: Option<Vec<String>>,
    #[serde(default)]
    pub(super) condition: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

fn some_one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    one_or_many(deserializer).map(Some)
}

/// IAM takes a list of one without its brackets.
pub(super) fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany<T> {
        Many(Vec<T>),
        One(T),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(many) => many,
        OneOrMany::One(one) => vec![one],
    })
}
