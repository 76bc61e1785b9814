//! New tokens for the session that a refresh token belongs to.

use super::authentication::{self, AuthenticationResult, Output, Parameters, required};
use crate::cognito::{Context, client::Client, error::Error, pool::Pool, token};

/// `REFRESH_TOKEN_AUTH`, which a client whose refresh tokens rotate does not have.
pub(super) fn with_parameters(
    pool: &mut Pool,
    context: &Context<'_>,
    parameters: &Parameters,
) -> Result<Output, Error> {
    let client = pool.calling_client(context);
    if client.settings.rotation.is_some() {
        return Err(Error::FlowNotEnabled("Auth flow not enabled for this client"));
    }
    let token = required(parameters, "REFRESH_TOKEN")?;
    if client.settings.secret {
        check_secret_hash(pool, &client, token, parameters)?;
    }
    let device = parameters.get("DEVICE_KEY").map(String::as_str);
    let result = refresh(pool, context, (token, device))?;
    Ok(Output { authentication_result: Some(result), ..Output::default() })
}

/// Also gives a new refresh token where they rotate.
pub(super) fn refresh(
    pool: &mut Pool,
    context: &Context<'_>,
    (token, device): (&str, Option<&str>),
) -> Result<AuthenticationResult, Error> {
    let (id, session) = pool.refreshed(token, context.now)?;
    let client = pool.client_of(session);
    if client.id != pool.calling_client(context).id {
        return Err(Error::InvalidRefreshToken);
    }
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    if session.device_key.as_ref().is_some_and(|own| device != Some(own) || !user.devices.contains_key(own)) {
        return Err(Error::InvalidRefreshToken); // it is of use on its own device, while that is known
    }
    let tokens = token::issue(pool, context, &id)?;
    let rotated = pool.rotate(&id, context.random, context.now);
    Ok(authentication::result(&client, tokens, rotated))
}

/// No name comes with a refresh token: the hash is of the name that Cognito has for its user.
fn check_secret_hash(pool: &Pool, client: &Client, token: &str, parameters: &Parameters) -> Result<(), Error> {
    let session = pool.session_of(token).and_then(|id| pool.sessions.get(&id)).ok_or(Error::InvalidRefreshToken)?;
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    client.check_secret_hash(&user.username, parameters.get("SECRET_HASH").map(String::as_str))
}
