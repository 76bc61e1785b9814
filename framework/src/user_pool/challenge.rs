use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{on, reply::PoolReply};
use crate::Error;

/// What a user was asked in a sign-in, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChallengeResult {
    /// `CUSTOM_CHALLENGE`, `PASSWORD_VERIFIER` or, for the beginning of a proof of the password, `SRP_A`.
    pub challenge_name: String,
    /// Whether the answer was right.
    pub challenge_result: bool,
    /// What the handler that made the challenge calls it.
    #[serde(default)]
    pub challenge_metadata: Option<String>,
}

/// What comes next in a sign-in of `CUSTOM_AUTH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthStep {
    /// The user is signed in.
    IssueTokens,
    /// The user is not: the client is told that the name or the password is wrong.
    FailAuthentication,
    /// The user is asked what the `create-auth-challenge` handler makes.
    CustomChallenge,
    /// The user proves the password; of a sign-in that begins with `SRP_A`.
    PasswordVerifier,
}

impl PoolReply<on::DefineAuthChallenge> for AuthStep {
    fn response(self) -> Result<Value, Error> {
        let (name, issue, fail) = match self {
            Self::IssueTokens => (None, true, false),
            Self::FailAuthentication => (None, false, true),
            Self::CustomChallenge => (Some("CUSTOM_CHALLENGE"), false, false),
            Self::PasswordVerifier => (Some("PASSWORD_VERIFIER"), false, false),
        };
        Ok(json!({"challengeName": name, "issueTokens": issue, "failAuthentication": fail}))
    }
}

/// What a user is asked.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthChallenge {
    /// What the client gets, as `ChallengeParameters`: the question.
    pub public_challenge_parameters: BTreeMap<String, String>,
    /// What only the `verify-auth-challenge-response` handler gets: the right answer.
    pub private_challenge_parameters: BTreeMap<String, String>,
    /// A name of the challenge, by which the next questions about this sign-in know it.
    pub challenge_metadata: Option<String>,
}

impl AuthChallenge {
    /// A challenge that asks nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the client something.
    #[must_use]
    pub fn public(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.public_challenge_parameters.insert(name.into(), value.into());
        self
    }

    /// Keeps something for who judges the answer.
    #[must_use]
    pub fn private(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.private_challenge_parameters.insert(name.into(), value.into());
        self
    }

    /// Names the challenge.
    #[must_use]
    pub fn named(mut self, metadata: impl Into<String>) -> Self {
        self.challenge_metadata = Some(metadata.into());
        self
    }
}

impl PoolReply<on::CreateAuthChallenge> for AuthChallenge {
    fn response(self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}

/// Without what only the judge of the answer gets.
impl fmt::Debug for AuthChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { public_challenge_parameters: public, challenge_metadata: metadata, .. } = self;
        f.debug_struct("AuthChallenge").field("public", public).field("metadata", metadata).finish_non_exhaustive()
    }
}

/// Whether the answer is right.
impl PoolReply<on::VerifyAuthChallengeResponse> for bool {
    fn response(self) -> Result<Value, Error> {
        Ok(json!({"answerCorrect": self}))
    }
}
