mod client;
mod devices;
mod group;
mod mfa;
mod oauth;
mod password;
mod recovery;

use serde::{Deserialize, Serialize};

pub use self::{
    client::{AuthFlow, UserPoolClient},
    devices::Devices,
    group::GroupOptions,
    mfa::{Mfa, MfaMethod},
    oauth::{IdentityProvider, OAuth, OAuthClient, OAuthFlow, ResourceServer},
    password::PasswordPolicy,
    recovery::Recovery,
};
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
    /// What is said of some of the groups, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_options: Vec<GroupOptions>,
    /// Whether users show a second factor, and which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa: Option<Mfa>,
    /// What a password has to be.
    #[serde(default, skip_serializing_if = "PasswordPolicy::is_default")]
    pub password: PasswordPolicy,
    /// What the client may do, and how long its tokens live.
    #[serde(default, skip_serializing_if = "UserPoolClient::is_default")]
    pub client: UserPoolClient,
    /// Its domain with the sign-in page, and what goes with it.
    #[serde(default, skip_serializing_if = "OAuth::is_empty")]
    pub oauth: OAuth,
    /// Whether it remembers the devices of its users, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub devices: Option<Devices>,
}

impl UserPool {
    /// Whether Cognito sends text messages to the pool's users.
    pub fn sends_texts(&self) -> bool {
        let by_text = |mfa: &Mfa| mfa.methods.contains(&MfaMethod::Sms);
        self.sign_in == SignIn::Phone || self.mfa.as_ref().is_some_and(by_text)
    }

    /// What is said of a group, if anything is.
    pub fn options_of(&self, group: &str) -> Option<&GroupOptions> {
        self.group_options.iter().find(|options| options.group == group)
    }
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
