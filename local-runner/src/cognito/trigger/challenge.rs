//! What is asked in a sign-in of `CUSTOM_AUTH`: one function says what comes next, one makes the question, one judges the answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use skyloom_manifest::PoolTrigger;

use super::{
    Refusal,
    event::{Asks, Question, Source, about, known},
};
use crate::cognito::{Context, error::Error, pool::Pool};

/// What was asked, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::cognito) struct Round {
    pub(in crate::cognito) challenge_name: String,
    pub(in crate::cognito) challenge_result: bool,
    pub(in crate::cognito) challenge_metadata: Option<String>,
}

impl Round {
    /// One of Cognito's own.
    pub(in crate::cognito) fn passed(name: &str) -> Self {
        Self { challenge_name: name.into(), challenge_result: true, challenge_metadata: None }
    }
}

/// A question that waits for its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::cognito) struct Custom {
    pub(in crate::cognito) rounds: Vec<Round>,
    pub(in crate::cognito) metadata: Option<String>,
    private: BTreeMap<String, String>,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cognito) enum Next {
    Tokens,
    Failure,
    Challenge,
    Proof,
}

/// The name that a sign-in is for, and where its user is in the pool, if there is one.
type Who<'a> = (&'a str, Option<&'a str>);

/// Asks what comes next.
pub(in crate::cognito) fn define_challenge(
    pool: &Pool,
    context: &Context<'_>,
    who: Who<'_>,
    rounds: &[Round],
) -> Result<Next, Error> {
    let request = [("session", json!(rounds))];
    let response = json!({"challengeName": null, "issueTokens": null, "failAuthentication": null});
    let answer = ask(pool, context, who, Source::DefineAuthChallenge, request, response)?;
    let is_set = |name: &str| member::<bool>(&answer, name).map(Option::unwrap_or_default);
    if is_set("failAuthentication")? {
        return Ok(Next::Failure);
    }
    if is_set("issueTokens")? {
        return Ok(Next::Tokens);
    }
    match member::<String>(&answer, "challengeName")?.as_deref() {
        Some("CUSTOM_CHALLENGE") => Ok(Next::Challenge),
        Some("PASSWORD_VERIFIER") => Ok(Next::Proof),
        Some(other) => Err(Error::NotEmulated(format!("The challenge {other} in CUSTOM_AUTH"))),
        None => Err(Error::Trigger(Refusal::Unrecognizable)),
    }
}

/// Has a question made: what is kept of it, and what the client gets.
pub(in crate::cognito) fn create_challenge(
    pool: &Pool,
    context: &Context<'_>,
    who: Who<'_>,
    rounds: Vec<Round>,
) -> Result<(Custom, BTreeMap<String, String>), Error> {
    let request = [("challengeName", "CUSTOM_CHALLENGE".into()), ("session", json!(rounds))];
    let response =
        json!({"publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null});
    let answer = ask(pool, context, who, Source::CreateAuthChallenge, request, response)?;
    let private = member(&answer, "privateChallengeParameters")?.unwrap_or_default();
    let public = member(&answer, "publicChallengeParameters")?.unwrap_or_default();
    Ok((Custom { rounds, metadata: member(&answer, "challengeMetadata")?, private }, public))
}

/// Asks whether an answer is right.
pub(in crate::cognito) fn verify_challenge(
    pool: &Pool,
    context: &Context<'_>,
    who: Who<'_>,
    asked: &Custom,
    given: &str,
) -> Result<bool, Error> {
    let request = [("privateChallengeParameters", json!(asked.private)), ("challengeAnswer", given.into())];
    let response = json!({"answerCorrect": null});
    let answer = ask(pool, context, who, Source::VerifyAuthChallengeResponse, request, response)?;
    member(&answer, "answerCorrect")?.ok_or(Error::Trigger(Refusal::Unrecognizable))
}

fn ask<const N: usize>(
    pool: &Pool,
    context: &Context<'_>,
    (name, key): Who<'_>,
    source: Source,
    members: [(&str, Value); N],
    response: Value,
) -> Result<Map<String, Value>, Error> {
    let asked = pool.triggers.0.get(&source.trigger()).ok_or(match source.trigger() {
        PoolTrigger::DefineAuthChallenge => Error::NoCustomAuth,
        _ => Error::Trigger(Refusal::Unrecognizable),
    })?;
    let user = key.and_then(|key| pool.users.get(key));
    let mut request = about(&user.map_or_else(BTreeMap::new, known));
    request.extend(members.map(|(name, value)| (name.to_owned(), value)));
    request.insert("userNotFound".into(), user.is_none().into());
    context.caller.add_metadata(&mut request);
    let asks = Asks { username: user.map_or(name, |user| &user.username), request, response };
    context.ask(Question::new(pool, asked, context.caller, source, asks))
}

/// A member of an answer, if it is there and not `null`.
fn member<T: DeserializeOwned>(answer: &Map<String, Value>, name: &str) -> Result<Option<T>, Error> {
    let value = answer.get(name).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|_| Error::Trigger(Refusal::Unrecognizable))
}
