use skyloom_manifest::{
    AttributeDataType, AuthFlow, CustomAttribute, Devices, GroupOptions, Mfa, MfaMethod, PasswordPolicy, SignIn,
    UserPoolClient,
};

use super::{OAuthEntry, Source};

/// A `#[derive(UserPool)]`.
#[derive(Debug)]
pub struct UserPoolEntry {
    pub name: &'static str,
    pub source: Source,
    pub sign_in: SignIn,
    pub self_sign_up: bool,
    pub groups: &'static [&'static str],
    pub options: UserPoolOptions,
    pub oauth: OAuthEntry,
}

/// What a `#[derive(UserPool)]` may say beside what every pool has.
#[derive(Clone, Copy, Debug)]
pub struct UserPoolOptions {
    pub mfa: Option<MfaEntry>,
    pub password: PasswordPolicy,
    pub client: ClientEntry,
    /// What is said of some of the groups.
    pub groups: &'static [GroupEntry],
    pub devices: Option<Devices>,
    pub attributes: &'static [CustomAttributeEntry],
    /// The standard attributes without which nobody signs up.
    pub required: &'static [&'static str],
}

impl UserPoolOptions {
    /// Of a pool that says nothing of it.
    pub const DEFAULT: Self = Self {
        mfa: None,
        password: PasswordPolicy::DEFAULT,
        client: ClientEntry::DEFAULT,
        groups: &[],
        devices: None,
        attributes: &[],
        required: &[],
    };
}

/// `mfa = …` with all that belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct MfaEntry {
    pub required: bool,
    pub methods: &'static [MfaMethod],
    pub email_identity: Option<&'static str>,
}

impl MfaEntry {
    pub(crate) fn to_manifest(self) -> Mfa {
        let mut methods = self.methods.to_vec();
        methods.sort_unstable();
        Mfa { required: self.required, methods, email_identity: self.email_identity.map(str::to_owned) }
    }
}

/// `client(…)`
#[derive(Clone, Copy, Debug)]
pub struct ClientEntry {
    pub secret: bool,
    pub flows: &'static [AuthFlow],
    pub access_token: u32,
    pub id_token: u32,
    pub refresh_token: u32,
    pub rotation: Option<u32>,
}

impl ClientEntry {
    /// Of a client of which nothing is said.
    pub const DEFAULT: Self = Self {
        secret: false,
        flows: &UserPoolClient::FLOWS,
        access_token: UserPoolClient::TOKEN,
        id_token: UserPoolClient::TOKEN,
        refresh_token: UserPoolClient::REFRESH_TOKEN,
        rotation: None,
    };

    pub(crate) fn to_manifest(self) -> UserPoolClient {
        let Self { secret, flows, access_token, id_token, refresh_token, rotation } = self;
        let mut flows = flows.to_vec();
        flows.sort_unstable();
        UserPoolClient { secret, flows, access_token, id_token, refresh_token, rotation }
    }
}

/// `group(name = …)`
#[derive(Clone, Copy, Debug)]
pub struct GroupEntry {
    pub group: &'static str,
    pub precedence: Option<u32>,
    pub role: Option<&'static str>,
}

impl GroupEntry {
    pub(crate) fn to_manifest(self) -> GroupOptions {
        GroupOptions { group: self.group.into(), precedence: self.precedence, role: self.role.map(str::to_owned) }
    }
}

/// `attribute(name = …)`
#[derive(Clone, Copy, Debug)]
pub struct CustomAttributeEntry {
    pub name: &'static str,
    pub data_type: AttributeDataType,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub immutable: bool,
    pub writable: bool,
}

impl CustomAttributeEntry {
    pub(crate) fn to_manifest(self) -> CustomAttribute {
        let Self { name, data_type, min, max, immutable, writable } = self;
        CustomAttribute { name: name.into(), data_type, min, max, immutable, writable }
    }
}
