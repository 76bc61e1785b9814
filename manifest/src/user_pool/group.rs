use serde::{Deserialize, Serialize};

/// What is said of a group beside its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GroupOptions {
    /// The group's name.
    pub group: String,
    /// Of a user's groups the one with the lowest number decides on the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precedence: Option<u32>,
    /// The ARN of the role that its members may take in an identity pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}
