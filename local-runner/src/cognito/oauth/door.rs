//! The sign-in page is a client of Cognito's operations, and says what they say.

use serde_json::{Map, Value, json};

use super::page::ATTRIBUTE;
use crate::cognito::{
    Context,
    client::Client,
    error::Error,
    operations::{self, authentication},
    pool::Pools,
};

/// What came of an attempt to sign in.
pub(super) enum Outcome {
    /// The user's place in the pool.
    SignedIn(String),
    Challenged(Challenge),
    Unconfirmed,
    /// The password is right, and to be replaced.
    ResetRequired(String),
    /// The same question can be answered again.
    Again(String),
    Refused(String),
}

/// A question before there are tokens.
pub(super) struct Challenge {
    pub(super) name: String,
    pub(super) session: String,
    /// Where a code went, if one did.
    pub(super) destination: Option<String>,
    /// The attributes that the user has to say, too.
    pub(super) required: Vec<String>,
}

pub(super) fn sign_in(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    (username, password): (&str, &str),
) -> Result<Outcome, Error> {
    let parameters = json!({ "USERNAME": username, "PASSWORD": password });
    let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    attempt(pools, context, pool, "InitiateAuth", input)
}

/// Answers a challenge with the fields of a form, by the names that the protocol has for them.
pub(super) fn answer(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    (name, session): (&str, &str),
    responses: Map<String, Value>,
) -> Result<Outcome, Error> {
    let input = json!({ "ChallengeName": name, "Session": session, "ChallengeResponses": responses });
    attempt(pools, context, pool, "RespondToAuthChallenge", input)
}

fn attempt(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    operation: &str,
    input: Value,
) -> Result<Outcome, Error> {
    let answer = call(pools, context, pool, operation, input);
    outcome(pools, pool, answer)
}

/// Signs a user in who has shown the password in this visit, and has been confirmed since.
pub(super) fn sign_in_confirmed(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    user: &str,
) -> Result<Outcome, Error> {
    let caller = context.caller.at_the_door();
    let answer = authentication::confirmed(pools.by_id(pool)?, &Context { caller: &caller, ..*context }, user);
    pools.collect();
    let written = |output| serde_json::to_value(output).map_err(|error| Error::Serialization(error.to_string()));
    outcome(pools, pool, answer.and_then(written))
}

fn outcome(pools: &mut Pools, pool: &str, answer: Result<Value, Error>) -> Result<Outcome, Error> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(Error::UserNotConfirmed) => return Ok(Outcome::Unconfirmed),
        Err(error @ Error::PasswordResetRequired) => return Ok(Outcome::ResetRequired(error.to_string())),
        Err(error) if is_worth_another_try(&error) => return Ok(Outcome::Again(error.to_string())),
        Err(error) => return said(error).map(Outcome::Refused),
    };
    if let Some(name) = answer["ChallengeName"].as_str() {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let destination = text(&answer["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"]);
        let session = text(&answer["Session"]).unwrap_or_default();
        let required = required(answer["ChallengeParameters"]["requiredAttributes"].as_str().unwrap_or_default());
        return Ok(Outcome::Challenged(Challenge { name: name.into(), session, destination, required }));
    }
    let refresh = answer["AuthenticationResult"]["RefreshToken"].as_str().unwrap_or_default();
    let pool = pools.by_id(pool)?;
    // What the page gives is a session of the client that asked: the one of this call ends here.
    let session = pool.session_of(refresh).and_then(|id| pool.sessions.remove(&id));
    Ok(session.map_or_else(|| Outcome::Refused("Sign in again.".into()), |session| Outcome::SignedIn(session.user)))
}

/// The names in the list that comes with `NEW_PASSWORD_REQUIRED`.
fn required(list: &str) -> Vec<String> {
    let names: Vec<String> = serde_json::from_str(list).unwrap_or_default();
    names.iter().filter_map(|name| name.strip_prefix(ATTRIBUTE)).map(str::to_owned).collect()
}

/// A mistyped code, or a password or an attribute that does not do; a session that is over is not.
fn is_worth_another_try(error: &Error) -> bool {
    matches!(
        error,
        Error::FactorMismatch
            | Error::TotpMismatch
            | Error::TotpUsed
            | Error::PasswordPolicy(_)
            | Error::InvalidParameter(_)
    )
}

/// An operation that a user's client calls: nothing if it went well, else what to tell the user.
pub(super) fn run(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    operation: &str,
    input: Value,
) -> Result<Option<String>, Error> {
    match call(pools, context, pool, operation, input) {
        Ok(_) => Ok(None),
        Err(error) => said(error).map(Some),
    }
}

/// An operation that names a session and no client: its answer, else what to tell the user.
pub(super) fn in_session(
    pools: &mut Pools,
    context: &Context<'_>,
    operation: &str,
    input: Value,
) -> Result<Result<Value, String>, Error> {
    match operations::run(operation, pools, context, input.to_string().as_bytes()) {
        Ok(answer) => Ok(Ok(answer)),
        Err(error) => said(error).map(Err),
    }
}

fn call(
    pools: &mut Pools,
    context: &Context<'_>,
    pool: &str,
    operation: &str,
    mut input: Value,
) -> Result<Value, Error> {
    let client = pools.by_id(pool)?.calling_client(context);
    input["ClientId"] = client.id.clone().into();
    show_secret(&client, &mut input);
    let caller = context.caller.at_the_door();
    let context = Context { caller: &caller, ..*context };
    operations::run(operation, pools, &context, input.to_string().as_bytes())
}

/// The page knows the secret of the client that sent the browser here, as that client would.
fn show_secret(client: &Client, input: &mut Value) {
    for (place, name) in [("AuthParameters", "USERNAME"), ("ChallengeResponses", "USERNAME")] {
        if let Some(hash) = input[place][name].as_str().and_then(|name| client.secret_hash(name)) {
            input[place]["SECRET_HASH"] = hash.into();
        }
    }
    if let Some(hash) = input["Username"].as_str().and_then(|name| client.secret_hash(name)) {
        input["SecretHash"] = hash.into();
    }
}

/// What an error says to the user; one that is not about the user goes on.
fn said(error: Error) -> Result<String, Error> {
    match error {
        Error::PoolNotFound(_) | Error::ClientNotFound(_) | Error::UnknownOperation(_) => Err(error),
        error => Ok(error.to_string()),
    }
}
