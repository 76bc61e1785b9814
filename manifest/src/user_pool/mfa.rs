use serde::{Deserialize, Serialize};

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mfa {
    /// Whether everyone has to have one; otherwise who wants to.
    pub required: bool,
    /// What it can be, sorted; never nothing.
    pub methods: Vec<MfaMethod>,
    /// The identity of Amazon SES, a domain or an address, from which codes by e-mail are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_identity: Option<String>,
}

/// What a second factor can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MfaMethod {
    /// A code of an authenticator app.
    Totp,
    /// A code in a text message.
    Sms,
    /// A code in an e-mail.
    Email,
}

impl MfaMethod {
    /// Cognito's name of it, which is also its challenge's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "SOFTWARE_TOKEN_MFA",
            Self::Sms => "SMS_MFA",
            Self::Email => "EMAIL_OTP",
        }
    }
}
