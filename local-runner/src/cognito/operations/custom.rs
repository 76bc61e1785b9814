//! `CUSTOM_AUTH`: functions of the application say what is asked, and whether the answer is right.

use std::collections::BTreeMap;

use super::{
    authentication::{self, Output, Parameters, required},
    flow::check_secret_hash,
    proof,
    respond::Answer,
};
use crate::cognito::{
    Context,
    challenge::Asked,
    constraint,
    error::Error,
    pool::Pool,
    srp::Exchange,
    trigger::{self, Custom, Next, Round},
    user::Status,
};

/// Begins a sign-in, which may begin with a proof of the password.
pub(super) fn begin(pool: &mut Pool, context: &Context<'_>, parameters: &Parameters) -> Result<Output, Error> {
    let username = required(parameters, "USERNAME")?;
    check_secret_hash(pool, context, username, parameters)?;
    constraint::username(username)?;
    let found = authentication::asked_for(pool, context, username)?;
    if let Some(key) = &found
        && authentication::eligible(pool, key)?.status == Status::Unconfirmed
    {
        return Err(Error::UserNotConfirmed);
    }
    let proves = parameters.get("CHALLENGE_NAME").is_some_and(|name| name == "SRP_A");
    let client_public = if proves { Some(required(parameters, "SRP_A")?) } else { None };
    let rounds = client_public.map(|_| Round::passed("SRP_A")).into_iter().collect();
    go_on(pool, context, (username, found), rounds, client_public)
}

/// Takes an answer, right or wrong: what follows from it, the pool's function says.
pub(super) fn answer(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    asked: Custom,
) -> Result<Output, Error> {
    let given = required(answer.responses, "ANSWER")?;
    let (name, found) = asked_of(pool, answer);
    let is_right = trigger::verify_challenge(pool, context, (&name, found.as_deref()), &asked, given)?;
    pool.answered(answer.session);
    let Custom { mut rounds, metadata, .. } = asked;
    rounds.push(Round {
        challenge_name: "CUSTOM_CHALLENGE".into(),
        challenge_result: is_right,
        challenge_metadata: metadata,
    });
    go_on(pool, context, (&name, found), rounds, None)
}

/// Takes the proof with which a sign-in begins. One that is wrong ends it.
pub(super) fn proven(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    exchange: &Exchange,
) -> Result<Output, Error> {
    proof::check(pool, context, answer, exchange)?;
    let (name, found) = asked_of(pool, answer);
    let rounds = vec![Round::passed("SRP_A"), Round::passed("PASSWORD_VERIFIER")];
    go_on(pool, context, (&name, found), rounds, None)
}

/// Whom the challenge was for: who is not there has the name that was given.
fn asked_of(pool: &Pool, answer: &Answer<'_>) -> (String, Option<String>) {
    match pool.users.get(answer.key) {
        Some(user) => (user.username.clone(), Some(answer.key.to_owned())),
        None => (answer.key.to_owned(), None),
    }
}

fn go_on(
    pool: &mut Pool,
    context: &Context<'_>,
    (name, found): (&str, Option<String>),
    rounds: Vec<Round>,
    client_public: Option<&str>,
) -> Result<Output, Error> {
    match trigger::define_challenge(pool, context, (name, found.as_deref()), &rounds)? {
        Next::Tokens => match found {
            Some(key) => authentication::signed_in(pool, context, &key, None),
            None => Err(Error::IncorrectPassword),
        },
        Next::Failure => Err(Error::IncorrectPassword),
        Next::Proof => {
            let client_public = client_public.ok_or(Error::MissingParameter("SRP_A"))?;
            proof::offer(pool, context, (name, found), client_public, Asked::CustomProof)
        }
        Next::Challenge => {
            let (asked, public) = trigger::create_challenge(pool, context, (name, found.as_deref()), rounds)?;
            let username = found.as_ref().and_then(|key| pool.users.get(key)).map(|user| user.username.clone());
            let key = found.unwrap_or_else(|| name.to_owned());
            let session = pool.challenge(context, (&key, None), Asked::Custom(Box::new(asked)));
            let mut output = Output::challenge("CUSTOM_CHALLENGE", session, []);
            let public: BTreeMap<_, _> = public.into_iter().map(|(name, value)| (name.into(), value)).collect();
            output.challenge_parameters = public;
            output.challenge_parameters.insert("USERNAME".into(), username.unwrap_or_else(|| name.to_owned()));
            Ok(output)
        }
    }
}
