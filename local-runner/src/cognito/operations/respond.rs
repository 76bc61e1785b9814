//! How a sign-in goes on: `RespondToAuthChallenge` and `AdminRespondToAuthChallenge`.

use skyloom_manifest::MfaMethod;

use super::{
    authentication::{self, Output, Parameters, required},
    custom,
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
    let session = match name {
        "PASSWORD_VERIFIER" => required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?, // has no session
        _ => session.ok_or(Error::MissingParameter("Session"))?,
    };
    let username = required(responses, "USERNAME")?;
    check_secret_hash(pool, username, responses)?;
    let (key, asked) = pool.challenged(session, context.now)?;
    if !is_of(pool, username, &key, &asked) {
        return Err(Error::InvalidSession);
    }
    let answer = Answer { session, key: &key, responses };
    match (name, asked) {
        ("NEW_PASSWORD_REQUIRED", Asked::NewPassword) => new_password::answer(pool, context, &answer),
        ("CUSTOM_CHALLENGE", Asked::Custom(asked)) => custom::answer(pool, context, &answer, *asked),
        ("PASSWORD_VERIFIER", Asked::CustomProof(exchange)) => custom::proven(pool, context, &answer, &exchange),
        ("PASSWORD_VERIFIER", Asked::Proof(exchange)) => proof::answer(pool, context, &answer, &exchange),
        ("SELECT_MFA_TYPE", Asked::Choice(methods)) => second_factor::choose(pool, context, &answer, &methods),
        ("MFA_SETUP", Asked::SetUp { pending, verified }) => {
            second_factor::set_up(pool, context, &answer, pending.filter(|_| verified))
        }
        (name, Asked::Factor(method, code)) if name == method.as_str() => {
            second_factor::answer(pool, context, &answer, method, code.as_ref())
        }
        _ => Err(Error::InvalidSession),
    }
}

fn is_emulated(name: &str) -> bool {
    let factors = [MfaMethod::Totp, MfaMethod::Sms, MfaMethod::Email].map(MfaMethod::as_str);
    let others = ["CUSTOM_CHALLENGE", "NEW_PASSWORD_REQUIRED", "PASSWORD_VERIFIER", "SELECT_MFA_TYPE", "MFA_SETUP"];
    factors.contains(&name) || others.contains(&name)
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
