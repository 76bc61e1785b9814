//! What Cognito sends to a function.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html#cognito-user-pools-lambda-trigger-event-parameter-shared>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{PoolEventVersion, PoolTrigger};

use super::{Asked, caller::Caller};
use crate::cognito::{pool::Pool, user::User};

/// `triggerSource`: the occasion, and what the client did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cognito) enum Source {
    PreSignUp(&'static str),
    PostConfirmation(&'static str),
    PreAuthentication,
    PostAuthentication,
    TokenGeneration(&'static str),
    CustomMessage(&'static str),
    UserMigration(&'static str),
    DefineAuthChallenge,
    CreateAuthChallenge,
    VerifyAuthChallengeResponse,
}

impl Source {
    pub(super) fn trigger(self) -> PoolTrigger {
        match self {
            Self::PreSignUp(_) => PoolTrigger::PreSignUp,
            Self::PostConfirmation(_) => PoolTrigger::PostConfirmation,
            Self::PreAuthentication => PoolTrigger::PreAuthentication,
            Self::PostAuthentication => PoolTrigger::PostAuthentication,
            Self::TokenGeneration(_) => PoolTrigger::PreTokenGeneration,
            Self::CustomMessage(_) => PoolTrigger::CustomMessage,
            Self::UserMigration(_) => PoolTrigger::MigrateUser,
            Self::DefineAuthChallenge => PoolTrigger::DefineAuthChallenge,
            Self::CreateAuthChallenge => PoolTrigger::CreateAuthChallenge,
            Self::VerifyAuthChallengeResponse => PoolTrigger::VerifyAuthChallengeResponse,
        }
    }

    /// `PreSignUp_AdminCreateUser`
    fn text(self) -> String {
        let (occasion, what) = match self {
            Self::PreSignUp(what) => ("PreSignUp", what),
            Self::PostConfirmation(what) => ("PostConfirmation", what),
            Self::PreAuthentication => ("PreAuthentication", "Authentication"),
            Self::PostAuthentication => ("PostAuthentication", "Authentication"),
            Self::TokenGeneration(what) => ("TokenGeneration", what),
            Self::CustomMessage(what) => ("CustomMessage", what),
            Self::UserMigration(what) => ("UserMigration", what),
            Self::DefineAuthChallenge => ("DefineAuthChallenge", "Authentication"),
            Self::CreateAuthChallenge => ("CreateAuthChallenge", "Authentication"),
            Self::VerifyAuthChallengeResponse => ("VerifyAuthChallengeResponse", "Authentication"),
        };
        format!("{occasion}_{what}")
    }
}

/// A question to a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(super) trigger: PoolTrigger,
    pub(super) function: String,
    pub(super) event: Value,
}

impl Question {
    /// What `source` asks of a pool that asks it, with the members of `request` and the `response` that it suggests.
    pub(super) fn new(pool: &Pool, asked: &Asked, caller: &Caller, source: Source, asks: Asks<'_>) -> Self {
        let Asks { username, request, response } = asks;
        let version = match asked.version {
            PoolEventVersion::V1 => "1",
            PoolEventVersion::V2 => "2",
        };
        let event = json!({
            "version": version,
            "triggerSource": source.text(),
            "region": pool.region(),
            "userPoolId": pool.id,
            "userName": username,
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": caller.client_id()},
            "request": request,
            "response": response,
        });
        Self { trigger: source.trigger(), function: asked.function.clone(), event }
    }

    /// Whether it is about the same, be it that what is known of the user is not the same any more.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same = |member: &str| self.event[member] == other.event[member];
        self.function == other.function && same("triggerSource") && same("userName")
    }
}

/// What is particular to a question.
pub(super) struct Asks<'a> {
    pub(super) username: &'a str,
    pub(super) request: Map<String, Value>,
    pub(super) response: Value,
}

/// A request that begins with what is known of a user.
pub(super) fn about(attributes: &BTreeMap<String, String>) -> Map<String, Value> {
    Map::from_iter([("userAttributes".to_owned(), json!(attributes))])
}

/// The attributes of a user of the pool, and the status.
pub(super) fn known(user: &User) -> BTreeMap<String, String> {
    let mut attributes = user.attributes.clone();
    attributes.insert("cognito:user_status".into(), user.status.as_str().into());
    attributes
}
