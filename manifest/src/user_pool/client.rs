use serde::{Deserialize, Serialize};

/// What the client of a user pool may do, and how long its tokens live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct UserPoolClient {
    /// Whether it has a secret, which every call has to prove to know.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// How users may sign in, sorted.
    pub flows: Vec<AuthFlow>,
    /// Seconds for which an access token is valid.
    pub access_token: u32,
    /// Seconds for which an ID token is valid.
    pub id_token: u32,
    /// Seconds for which a refresh token is valid.
    pub refresh_token: u32,
    /// With rotation each refresh token works once: the seconds for which it may be sent again after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<u32>,
}

impl UserPoolClient {
    /// The flows of a client that does not say which.
    pub const FLOWS: [AuthFlow; 3] = [AuthFlow::UserPassword, AuthFlow::UserSrp, AuthFlow::AdminUserPassword];
    /// Seconds for which ID and access tokens are valid if nothing else is said.
    pub const TOKEN: u32 = 60 * 60;
    /// Seconds for which a refresh token is.
    pub const REFRESH_TOKEN: u32 = 30 * 24 * 60 * 60;

    /// Whether nothing is said of the client.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for UserPoolClient {
    fn default() -> Self {
        Self {
            secret: false,
            flows: Self::FLOWS.into(),
            access_token: Self::TOKEN,
            id_token: Self::TOKEN,
            refresh_token: Self::REFRESH_TOKEN,
            rotation: None,
        }
    }
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AuthFlow {
    /// The user sends the password.
    UserPassword,
    /// The user proves to know the password without sending it.
    UserSrp,
    /// A server of the application sends the user's password, with credentials of AWS.
    AdminUserPassword,
    /// Functions of the application ask what they like.
    Custom,
}

impl AuthFlow {
    /// The name that `ExplicitAuthFlows` of a client has for it.
    pub fn explicit(self) -> &'static str {
        match self {
            Self::UserPassword => "ALLOW_USER_PASSWORD_AUTH",
            Self::UserSrp => "ALLOW_USER_SRP_AUTH",
            Self::AdminUserPassword => "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            Self::Custom => "ALLOW_CUSTOM_AUTH",
        }
    }
}

impl UserPoolClient {
    /// `ExplicitAuthFlows`, sorted. Refresh tokens that rotate are not for `REFRESH_TOKEN_AUTH`, so that it is left out then.
    /// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html>
    pub fn explicit_flows(&self) -> Vec<&'static str> {
        let refresh = self.rotation.is_none().then_some("ALLOW_REFRESH_TOKEN_AUTH");
        let mut flows: Vec<_> = self.flows.iter().map(|flow| flow.explicit()).chain(refresh).collect();
        flows.sort_unstable();
        flows
    }
}
