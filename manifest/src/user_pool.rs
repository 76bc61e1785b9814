mod attribute;
mod client;
mod devices;
mod group;
mod mfa;
mod oauth;
mod password;
mod recovery;

use serde::{Deserialize, Serialize};

pub use self::{
    attribute::{AttributeDataType, CustomAttribute},
    client::{AuthFlow, UserPoolClient},
    devices::Devices,
    group::GroupOptions,
    mfa::{Mfa, MfaMethod},
    oauth::{IdentityProvider, OAuth, OAuthClient, OAuthFlow, ResourceServer},
    password::PasswordPolicy,
    recovery::Recovery,
};
use crate::{SourceLocation, rules};

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
    /// The attributes of its users beside the standard ones, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_attributes: Vec<CustomAttribute>,
    /// The standard attributes without which nobody signs up, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_attributes: Vec<String>,
}

impl UserPool {
    /// Whether Cognito sends text messages to the pool's users.
    pub fn sends_texts(&self) -> bool {
        let by_text = |mfa: &Mfa| mfa.methods.contains(&MfaMethod::Sms);
        self.sign_in == SignIn::Phone || self.mfa.as_ref().is_some_and(by_text)
    }

    pub(crate) fn sort(&mut self) {
        self.oauth.sort();
        self.custom_attributes.sort_by(|a, b| a.name.cmp(&b.name));
        self.required_attributes.sort();
    }

    /// The attributes that a client may read, and those that it may write: where they are not listed, users have been able to write all
    /// (aws/aws-cdk#30608). A pool that has only standard ones leaves that to Cognito.
    pub fn attributes_of_clients(&self) -> Option<(Vec<String>, Vec<String>)> {
        let custom = |of: fn(&CustomAttribute) -> bool| {
            self.custom_attributes.iter().filter(move |it| of(it)).map(CustomAttribute::full_name)
        };
        let standard = || rules::WRITABLE_ATTRIBUTES.into_iter().map(str::to_owned);
        let verified = rules::OTHER_ATTRIBUTES.into_iter().filter(|name| *name != "sub").map(str::to_owned);
        let mut read: Vec<_> = standard().chain(verified).chain(custom(|_| true)).collect();
        let mut write: Vec<_> = standard().chain(custom(|it| it.writable)).collect();
        read.sort_unstable();
        write.sort_unstable();
        (!self.custom_attributes.is_empty()).then_some((read, write))
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

impl SignIn {
    /// The attribute that users sign in with, if it is one.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Phone => Some("phone_number"),
            Self::Username => None,
        }
    }
}
