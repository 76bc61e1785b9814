use serde::{Deserialize, Serialize};

/// An occasion on which Cognito asks a function of a user pool.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PoolTrigger {
    /// Somebody signs up, or an administrator makes a user.
    PreSignUp,
    /// A user was confirmed, or has a new password in place of a forgotten one.
    PostConfirmation,
    /// A user wants to sign in.
    PreAuthentication,
    /// A user has proven who they are.
    PostAuthentication,
    /// Tokens are made.
    PreTokenGeneration,
    /// A message is sent to a user.
    CustomMessage,
    /// Somebody signs in, or has forgotten a password, who is not in the pool.
    MigrateUser,
    /// What comes next in a sign-in of `CUSTOM_AUTH`.
    DefineAuthChallenge,
    /// What a user is asked.
    CreateAuthChallenge,
    /// Whether a user's answer is right.
    VerifyAuthChallengeResponse,
}

impl PoolTrigger {
    /// As a handler names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreSignUp => "pre-sign-up",
            Self::PostConfirmation => "post-confirmation",
            Self::PreAuthentication => "pre-authentication",
            Self::PostAuthentication => "post-authentication",
            Self::PreTokenGeneration => "pre-token-generation",
            Self::CustomMessage => "custom-message",
            Self::MigrateUser => "migrate-user",
            Self::DefineAuthChallenge => "define-auth-challenge",
            Self::CreateAuthChallenge => "create-auth-challenge",
            Self::VerifyAuthChallengeResponse => "verify-auth-challenge-response",
        }
    }

    /// As a pool's `LambdaConfig` and Cognito's errors name it.
    pub const fn lambda_config(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::CustomMessage => "CustomMessage",
            Self::MigrateUser => "UserMigration",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::VerifyAuthChallengeResponse => "VerifyAuthChallengeResponse",
        }
    }
}

/// The version of the event, of which only the generation of tokens has several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PoolEventVersion {
    /// The answer changes the ID token.
    #[default]
    #[serde(rename = "V1_0")]
    V1,
    /// The answer changes the ID token and the access token.
    #[serde(rename = "V2_0")]
    V2,
}

impl PoolEventVersion {
    /// Whether it is the one that every trigger has.
    pub fn is_first(&self) -> bool {
        *self == Self::V1
    }
}
