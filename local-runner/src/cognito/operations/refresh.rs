//! New tokens for the session that a refresh token belongs to.

use super::authentication::{self, AuthenticationResult, Output, Parameters, required};
use crate::cognito::{Context, error::Error, pool::Pool, token};

/// `REFRESH_TOKEN_AUTH`, which a client whose refresh tokens rotate does not have.
pub(super) fn with_parameters(
    pool: &mut Pool,
    context: &Context<'_>,
    parameters: &Parameters,
) -> Result<Output, Error> {
    if pool.client.rotation.is_some() {
        return Err(Error::FlowNotEnabled("Auth flow not enabled for this client"));
    }
    let token = required(parameters, "REFRESH_TOKEN")?;
    if pool.client.secret {
        check_secret_hash(pool, token, parameters)?;
    }
    let result = refresh(pool, context, token)?;
    Ok(Output { authentication_result: Some(result), ..Output::default() })
}

/// Also gives a new refresh token where they rotate.
pub(in crate::cognito) fn refresh(
    pool: &mut Pool,
    context: &Context<'_>,
    token: &str,
) -> Result<AuthenticationResult, Error> {
    let (id, session) = pool.refreshed(token, context.now)?;
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    let tokens = token::issue(pool, context, &id)?;
    let rotated = pool.rotate(&id, context.random, context.now);
    Ok(authentication::result(pool, tokens, rotated))
}

/// No name comes with a refresh token: the hash is of the name that Cognito has for its user.
fn check_secret_hash(pool: &Pool, token: &str, parameters: &Parameters) -> Result<(), Error> {
    let session = pool.session_of(token).and_then(|id| pool.sessions.get(&id)).ok_or(Error::InvalidRefreshToken)?;
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    pool.check_secret_hash(&user.username, parameters.get("SECRET_HASH").map(String::as_str))
}
