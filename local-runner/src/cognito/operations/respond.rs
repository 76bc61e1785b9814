//! How a sign-in goes on: `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`.

use skyloom_manifest::MfaMethod;

use super::{
    authentication::{self, Output, Parameters, Who, required},
    custom, device_proof,
    flow::check_secret_hash,
    new_password, proof, second_factor,
};
use crate::cognito::{Context, challenge::Asked, error::Error, pool::Pool};

/// An answer to a challenge.
pub(super) struct Answer<'a> {
    pub(super) session: &'a str,
    /// Where the user is in the pool.
    pub(super) key: &'a str,
    pub(super) responses: &'a Parameters,
    /// The device that was named before.
    device: Option<String>,
}

impl Answer<'_> {
    /// Who answers, on the device that they name now, or have named before.
    pub(super) fn who(&self) -> Who<'_> {
        let named = self.responses.get("DEVICE_KEY").or(self.device.as_ref());
        Who { key: self.key, device: named.map(String::as_str) }
    }
}

/// Takes the answer to a challenge.
pub(super) fn answer(
    pool: &mut Pool,
    context: &Context<'_>,
    name: &str,
    session: Option<&str>,
    responses: &Parameters,
) -> Result<Output, Error> {
    if !is_emulated(name) {
        return Err(Error::NotEmulated(format!("The challenge {name}")));
    }
    let username = required(responses, "USERNAME")?;
    let session = session_of(pool, context, name, session, responses)?;
    let session = session.as_str();
    check_secret_hash(pool, context, username, responses)?;
    let (key, asked) = pool.challenged(session, context.now)?;
    let client = pool.calling_client(context);
    if !pool.was_begun_by(&client, session) || !is_of(pool, username, &key, &asked) {
        return Err(Error::InvalidSession);
    }
    let answer = Answer { session, key: &key, responses, device: pool.device_of(session) };
    if let Some(user) = pool.users.get(&key) {
        pool.remembers(user, answer.who().device)?; // first of all: the client forgets it then, and answers again
    }
    take(pool, context, name, asked, &answer)
}

/// An answer to another question than the one that was asked is none.
fn take(
    pool: &mut Pool,
    context: &Context<'_>,
    name: &str,
    asked: Asked,
    answer: &Answer<'_>,
) -> Result<Output, Error> {
    match (name, asked) {
        ("NEW_PASSWORD_REQUIRED", Asked::NewPassword) => new_password::answer(pool, context, answer),
        ("CUSTOM_CHALLENGE", Asked::Custom(asked)) => custom::answer(pool, context, answer, *asked),
        ("PASSWORD_VERIFIER", Asked::CustomProof(exchange)) => custom::proven(pool, context, answer, &exchange),
        ("PASSWORD_VERIFIER", Asked::Proof(exchange)) => proof::answer(pool, context, answer, &exchange),
        ("SELECT_MFA_TYPE", Asked::Choice(methods)) => second_factor::choose(pool, context, answer, &methods),
        ("DEVICE_SRP_AUTH", Asked::Device(device)) => device_proof::begin(pool, context, answer, &device),
        ("DEVICE_PASSWORD_VERIFIER", Asked::DeviceProof(exchange)) => {
            device_proof::answer(pool, context, answer, &exchange)
        }
        ("MFA_SETUP", Asked::SetUp { pending, verified }) => {
            second_factor::set_up(pool, context, answer, pending.filter(|_| verified))
        }
        (name, Asked::Factor(method, code)) if name == method.as_str() => {
            second_factor::answer(pool, context, answer, method, code.as_ref())
        }
        _ => Err(Error::InvalidSession),
    }
}

/// Proofs have no session but their secret block, and a device that is asked for one need not say in which.
fn session_of(
    pool: &Pool,
    context: &Context<'_>,
    name: &str,
    session: Option<&str>,
    responses: &Parameters,
) -> Result<String, Error> {
    let waiting = || {
        let (username, device) = (responses.get("USERNAME")?, responses.get("DEVICE_KEY")?);
        pool.waits_for_device(&pool.key_of(username)?, device, context.now)
    };
    let session = match name {
        "PASSWORD_VERIFIER" | "DEVICE_PASSWORD_VERIFIER" => Some(required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?),
        "DEVICE_SRP_AUTH" => session.or_else(waiting),
        _ => session,
    };
    session.map(str::to_owned).ok_or(Error::MissingParameter("Session"))
}

fn is_emulated(name: &str) -> bool {
    let factors = [MfaMethod::Totp, MfaMethod::Sms, MfaMethod::Email].map(MfaMethod::as_str);
    let proofs = ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"];
    let others = ["CUSTOM_CHALLENGE", "NEW_PASSWORD_REQUIRED", "SELECT_MFA_TYPE", "MFA_SETUP"];
    [&factors[..], &proofs, &others].concat().contains(&name)
}

/// The one who answers is the one who was asked; somebody who does not exist was, too, for a proof.
fn is_of(pool: &Pool, username: &str, key: &str, asked: &Asked) -> bool {
    match (authentication::identified(pool, username), asked) {
        (Some(found), _) => found == key,
        (None, Asked::Proof(exchange) | Asked::CustomProof(exchange)) => {
            exchange.user_id == username || key == username
        }
        (None, Asked::Custom(_)) => key == username,
        (None, _) => false,
    }
}
