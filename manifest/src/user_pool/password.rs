use serde::{Deserialize, Serialize};

/// What a password has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PasswordPolicy {
    /// How many characters it has at least.
    pub min_length: u32,
    /// Whether one of them is a capital letter of A to Z.
    pub uppercase: bool,
    /// Whether one is a small letter of a to z.
    pub lowercase: bool,
    /// Whether one is a digit.
    pub numbers: bool,
    /// Whether one is a symbol.
    pub symbols: bool,
    /// Days for which a password that an administrator chose works.
    pub temporary_days: u32,
}

impl PasswordPolicy {
    /// Cognito's own.
    pub const DEFAULT: Self =
        Self { min_length: 8, uppercase: true, lowercase: true, numbers: true, symbols: true, temporary_days: 7 };

    /// Whether nothing is said of passwords.
    pub fn is_default(&self) -> bool {
        *self == Self::DEFAULT
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}
