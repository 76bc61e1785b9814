use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use skyloom_manifest::rules;

use super::{
    attempts::Attempts,
    code::Code,
    device::Device,
    lockout::Lockout,
    message::Medium,
    mfa::Factors,
    password::{Kept, PasswordHash},
    schema::Schema,
    srp::Verifier,
    timestamp::Timestamp,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(super) username: String,
    pub(super) status: Status,
    pub(super) enabled: bool,
    pub(super) password: Option<PasswordHash>,
    /// When a password that an administrator chose stops to work.
    pub(super) password_expires: Option<Timestamp>,
    /// By name, `sub` among them.
    pub(super) attributes: BTreeMap<String, String>,
    /// Those that an earlier version of the application declared, and this one does not. Nobody sees them.
    #[serde(default)]
    undeclared: BTreeMap<String, String>,
    pub(super) groups: BTreeSet<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// Confirms the sign-up.
    pub(super) confirmation: Option<Code>,
    /// Lets a forgotten password be replaced.
    pub(super) recovery: Option<Code>,
    pub(super) lockout: Lockout,
    /// What is kept of the password for who proves to know it without sending it.
    #[serde(default)]
    pub(super) verifier: Option<Verifier>,
    #[serde(default)]
    pub(super) factors: Factors,
    /// Proves that an address is the user's, by the attribute.
    #[serde(default)]
    pub(super) verifications: BTreeMap<String, Code>,
    /// What was tried that can be tried only so often.
    #[serde(default)]
    pub(super) attempts: Attempts,
    /// By their keys.
    #[serde(default)]
    pub(super) devices: BTreeMap<String, Device>,
}

impl User {
    pub(super) fn new(username: String, sub: String, status: Status, now: Timestamp) -> Self {
        Self {
            username,
            status,
            enabled: true,
            password: None,
            password_expires: None,
            attributes: BTreeMap::from([("sub".into(), sub)]),
            undeclared: BTreeMap::new(),
            groups: BTreeSet::new(),
            created: now,
            modified: now,
            confirmation: None,
            recovery: None,
            lockout: Lockout::default(),
            verifier: None,
            factors: Factors::default(),
            verifications: BTreeMap::new(),
            attempts: Attempts::default(),
            devices: BTreeMap::new(),
        }
    }

    /// Whether another provider knows the user, with a password here or without one.
    pub(super) fn is_federated(&self) -> bool {
        self.attributes.contains_key("identities")
    }

    pub(super) fn sub(&self) -> &str {
        self.attributes.get("sub").map_or("", String::as_str)
    }

    /// Where a message of that kind would go.
    pub(super) fn address(&self, medium: Medium) -> Option<&str> {
        self.attributes.get(medium.attribute()).map(String::as_str)
    }

    pub(super) fn is_verified(&self, medium: Medium) -> bool {
        self.attributes.get(medium.verified_attribute()).is_some_and(|value| value == "true")
    }

    /// Takes over attributes. A new address is not known to be the user's, unless it is said to be, and no code that went to the old
    /// one says so; an empty value deletes.
    pub(super) fn write(&mut self, written: BTreeMap<String, String>) {
        for medium in [Medium::Email, Medium::Sms] {
            let new = written.get(medium.attribute()).filter(|address| self.address(medium) != Some(address.as_str()));
            if let Some(address) = new {
                let verified = if address.is_empty() { "" } else { "false" };
                self.attributes.insert(medium.verified_attribute().into(), verified.into());
                self.forget_codes(medium);
            }
        }
        self.attributes.extend(written);
        self.attributes.retain(|_, value| !value.is_empty());
    }

    /// Lays away attributes that the pool had in an earlier version of the application, and takes out those that it has again: Cognito
    /// never loses one.
    pub(super) fn keep_to(&mut self, schema: &Schema) {
        self.attributes.append(&mut self.undeclared);
        let is_had = |name: &str| !name.starts_with(rules::CUSTOM_ATTRIBUTE) || schema.has(name);
        let all = std::mem::take(&mut self.attributes);
        (self.attributes, self.undeclared) = all.into_iter().partition(|(name, _)| is_had(name));
    }

    fn forget_codes(&mut self, medium: Medium) {
        self.verifications.remove(medium.attribute());
        for code in [&mut self.confirmation, &mut self.recovery] {
            code.take_if(|code| code.went_by(medium));
        }
    }

    /// Takes a password that the user knows; one of an administrator is `temporary` and expires.
    pub(super) fn set_password(&mut self, password: Kept, expires: Option<Timestamp>, now: Timestamp) {
        self.status = if expires.is_some() { Status::ForceChangePassword } else { Status::Confirmed };
        self.keep(password);
        self.password_expires = expires;
        self.lockout = Lockout::default();
        self.modified = now;
    }

    pub(super) fn keep(&mut self, password: Kept) {
        self.password = Some(password.hash);
        self.verifier = password.verifier;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Unconfirmed,
    Confirmed,
    ForceChangePassword,
    ResetRequired,
    /// Another provider knows the user.
    ExternalProvider,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}
