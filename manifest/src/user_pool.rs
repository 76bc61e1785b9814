mod oauth;

use serde::{Deserialize, Serialize};

pub use self::oauth::{IdentityProvider, OAuth, OAuthClient, OAuthFlow, ResourceServer};
use crate::SourceLocation;

/// A Cognito user pool with one client: one `#[derive(UserPool)]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UserPool {
    /// The struct's name, unique in the application.
    pub name: String,
    /// Where it is written.
    pub source: SourceLocation,
    /// What users sign in with.
    pub sign_in: SignIn,
    /// Whether people can make their own account; otherwise an administrator does.
    pub self_sign_up: bool,
    /// The pool's groups, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Its domain with the sign-in page, and what goes with it.
    #[serde(default, skip_serializing_if = "OAuth::is_empty")]
    pub oauth: OAuth,
}

/// What users sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// Their e-mail address.
    Email,
    /// Their phone number.
    Phone,
    /// A name that they choose.
    Username,
}
