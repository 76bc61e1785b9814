//! The page on which a user sets up an authenticator app, where everyone needs a second factor and this user has none.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    Call,
    authorize::Asked,
    door::{self, Outcome},
    login::go_on,
    page::{Field, Page},
    parameters::{Parameters, encode, query},
};
use crate::cognito::{Context, challenge, error::Error, pool::Pool, pool::Pools};

/// The challenge that leads here.
pub(super) const CHALLENGE: &str = "MFA_SETUP";

/// Makes the secret of an app, and shows it.
pub(super) fn begin(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    session: &str,
) -> Result<Response<Bytes>, Error> {
    let made = door::in_session(pools, context, "AssociateSoftwareToken", json!({ "Session": session }))?;
    let made = match made {
        Ok(made) => made,
        Err(said) => return go_on(pools, context, call, (asked, username), Outcome::Refused(said)),
    };
    let text = |name: &str| made[name].as_str().unwrap_or_default();
    let pool = call.address.pool(pools)?;
    Ok(page(pool, context, call, (asked, username), (text("Session"), text("SecretCode")), None))
}

/// Takes the first code that the app shows.
pub(super) fn answer(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, form): (&Asked, &Parameters),
) -> Result<Response<Bytes>, Error> {
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (session, username) = (text("session"), text("username"));
    let input = json!({ "Session": session, "UserCode": text("answer") });
    let outcome = match door::in_session(pools, context, "VerifySoftwareToken", input)? {
        Ok(verified) => {
            let session = verified["Session"].as_str().unwrap_or_default();
            let responses = Map::from_iter([("USERNAME".to_owned(), Value::from(username))]);
            door::answer(pools, context, &call.address.pool_id, (CHALLENGE, session), responses)?
        }
        Err(said) => {
            let pool = call.address.pool(pools)?;
            if let Some(secret) = secret_of(pool, context, session) {
                return Ok(page(pool, context, call, (asked, username), (session, &secret), Some(&said)));
            }
            Outcome::Refused(said)
        }
    };
    go_on(pools, context, call, (asked, username), outcome)
}

/// The secret that a session has shown, unless the session is over.
fn secret_of(pool: &Pool, context: &Context<'_>, session: &str) -> Option<String> {
    match pool.challenged(session, context.now) {
        Ok((_, challenge::Asked::SetUp { pending, .. })) => pending.map(|app| app.secret),
        _ => None,
    }
}

fn page(
    pool: &Pool,
    context: &Context<'_>,
    call: &Call<'_>,
    (asked, username): (&Asked, &str),
    (session, secret): (&str, &str),
    said: Option<&str>,
) -> Response<Bytes> {
    let status = if said.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let fields = [
        Field::hidden("challenge", CHALLENGE),
        Field::hidden("session", session),
        Field::hidden("username", username),
        Field::text("answer", "Code that the app shows", "one-time-code", ""),
    ];
    Page::new(call, context, &asked.query, "Set up an authenticator app")
        .alert(said)
        .note("This account needs a second factor. Add it to an authenticator app, by this secret or on this device.")
        .secret(&address(&pool.physical_name, username, secret), secret)
        .form("/challenge", "Continue", &fields)
        .answer(status)
}

/// What apps open. <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
fn address(issuer: &str, username: &str, secret: &str) -> String {
    let query = query([("secret", secret), ("issuer", issuer)]);
    format!("otpauth://totp/{}:{}?{query}", encode(issuer), encode(username))
}
