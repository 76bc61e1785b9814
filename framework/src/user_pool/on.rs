//! What is asked, beside what all of a pool's events have: a handler reads these fields from its event.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer};

use super::ChallengeResult;

/// Of `pre-sign-up`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PreSignUp {
    /// What the client sent for this question only, and the pool does not keep.
    #[serde(deserialize_with = "or_default")]
    pub validation_data: BTreeMap<String, String>,
}

/// Of `post-confirmation`: nothing more.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PostConfirmation {}

/// Of `pre-authentication`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PreAuthentication {
    /// The client's metadata of the sign-in.
    #[serde(deserialize_with = "or_default")]
    pub validation_data: BTreeMap<String, String>,
    /// There is no such user, which the client is not to learn.
    #[serde(deserialize_with = "or_default")]
    pub user_not_found: bool,
}

/// Of `post-authentication`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PostAuthentication {
    /// The user signed in with a device that the pool did not know, if it remembers devices.
    #[serde(deserialize_with = "or_default")]
    pub new_device_used: bool,
}

/// Of `pre-token-generation`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PreTokenGeneration {
    /// The user's groups, and the roles that they have.
    #[serde(deserialize_with = "or_default")]
    pub group_configuration: GroupConfiguration,
    /// The scopes that the access token is to have; only a handler that returns a [`TokensReply`](super::TokensReply) is told.
    #[serde(deserialize_with = "or_default")]
    pub scopes: Vec<String>,
}

/// The groups of a user.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// The groups that the tokens are to name.
    #[serde(deserialize_with = "or_default")]
    pub groups_to_override: Vec<String>,
    /// The groups' roles.
    #[serde(deserialize_with = "or_default")]
    pub iam_roles_to_override: Vec<String>,
    /// The role of the group with the best precedence.
    pub preferred_role: Option<String>,
}

/// Of `custom-message`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomMessage {
    /// What stands for the code in the message, `{####}`: the handler never learns the code itself.
    #[serde(deserialize_with = "or_default")]
    pub code_parameter: String,
    /// What stands for the user's name in a message to a user whom an administrator made.
    pub username_parameter: Option<String>,
}

/// Of `migrate-user`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MigrateUser {
    /// The password with which somebody signs in; empty where it is forgotten.
    #[serde(deserialize_with = "or_default")]
    pub password: String,
    /// The client's metadata of the sign-in.
    #[serde(deserialize_with = "or_default")]
    pub validation_data: BTreeMap<String, String>,
}

/// Without the password.
impl fmt::Debug for MigrateUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MigrateUser").field("validation_data", &self.validation_data).finish_non_exhaustive()
    }
}

/// Of `define-auth-challenge`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DefineAuthChallenge {
    /// What was asked so far in this sign-in, and how it went; the first is the oldest.
    #[serde(deserialize_with = "or_default")]
    pub session: Vec<ChallengeResult>,
    /// There is no such user, which the client is not to learn.
    #[serde(deserialize_with = "or_default")]
    pub user_not_found: bool,
}

/// Of `create-auth-challenge`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CreateAuthChallenge {
    /// `CUSTOM_CHALLENGE`
    #[serde(deserialize_with = "or_default")]
    pub challenge_name: String,
    /// What was asked so far in this sign-in, and how it went; the first is the oldest.
    #[serde(deserialize_with = "or_default")]
    pub session: Vec<ChallengeResult>,
    /// There is no such user, which the client is not to learn.
    #[serde(deserialize_with = "or_default")]
    pub user_not_found: bool,
}

/// Of `verify-auth-challenge-response`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VerifyAuthChallengeResponse {
    /// What the challenge was made with, and the client never saw.
    #[serde(deserialize_with = "or_default")]
    pub private_challenge_parameters: BTreeMap<String, String>,
    /// The client's answer.
    #[serde(deserialize_with = "or_default")]
    pub challenge_answer: String,
    /// There is no such user, which the client is not to learn.
    #[serde(deserialize_with = "or_default")]
    pub user_not_found: bool,
}

/// Without the right answer and the given one.
impl fmt::Debug for VerifyAuthChallengeResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user_not_found, .. } = self;
        f.debug_struct("VerifyAuthChallengeResponse").field("user_not_found", user_not_found).finish_non_exhaustive()
    }
}

/// Cognito sends `null` where there is nothing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
