use serde::{Deserialize, Serialize};

/// How a user pool remembers the devices on which its users sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Devices {
    /// Whether one is remembered only when its user says so, and not as soon as it is confirmed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_remembered_on_user_prompt: bool,
    /// Whether users show a second factor on new devices alone: one that is remembered stands for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub challenge_required_on_new_device: bool,
}
