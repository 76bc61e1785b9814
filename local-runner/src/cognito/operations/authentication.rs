//! What all ways to sign in have in common: who it is, whether the user may, and what follows the password.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Deserializer, Serialize};

use super::{migration, new_password, second_factor};
use crate::cognito::{
    Context, challenge::Asked, client::Client, constraint, device::NewDevice, error::Error, pool::Pool, token, trigger,
    user::Status,
};

/// `AuthParameters` and `ChallengeResponses`.
pub(super) type Parameters = BTreeMap<String, String>;

/// Reads them. A client that has forgotten a device sends its key as `null`.
pub(super) fn parameters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Parameters, D::Error> {
    let read = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
    Ok(read.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// Who signs in: the place in the pool, and the key of the device, if they say on which.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who<'a> {
    pub(super) key: &'a str,
    pub(super) device: Option<&'a str>,
}

/// Tokens, or a challenge that comes before them.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cognito) struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cognito) challenge_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cognito) session: Option<String>,
    pub(in crate::cognito) challenge_parameters: BTreeMap<Cow<'static, str>, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cognito) authentication_result: Option<AuthenticationResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cognito) struct AuthenticationResult {
    pub(in crate::cognito) access_token: String,
    pub(in crate::cognito) expires_in: u64,
    pub(in crate::cognito) id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cognito) new_device_metadata: Option<NewDevice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cognito) refresh_token: Option<String>,
    pub(in crate::cognito) token_type: &'static str,
}

impl Output {
    /// A question to the user, with the session in which it is answered.
    pub(super) fn challenge<const N: usize>(
        name: &'static str,
        session: String,
        parameters: [(&'static str, String); N],
    ) -> Self {
        let parameters = parameters.map(|(name, value)| (Cow::Borrowed(name), value));
        let challenge_parameters = BTreeMap::from(parameters);
        Self { challenge_name: Some(name), session: Some(session), challenge_parameters, authentication_result: None }
    }
}

/// The place in the pool of whoever signs in, if there is such a user. That there is none looks like a wrong password, as
/// clients with `PreventUserExistenceErrors` have it.
pub(in crate::cognito) fn identified(pool: &Pool, username: &str) -> Option<String> {
    pool.key_of(username)
}

/// Whether the user may try now, before anything is looked at that the user knows.
pub(in crate::cognito) fn admitted(pool: &Pool, context: &Context<'_>, key: &str) -> Result<(), Error> {
    pool.users.get(key).ok_or(Error::IncorrectPassword)?.lockout.check(context.now)
}

/// Who wants to sign in, if there is such a user, and may try now.
pub(super) fn asked_for(pool: &Pool, context: &Context<'_>, username: &str) -> Result<Option<String>, Error> {
    let found = identified(pool, username);
    if let Some(key) = &found {
        admitted(pool, context, key)?;
    }
    let user = found.as_ref().and_then(|key| pool.users.get(key));
    trigger::pre_authentication(pool, context, username, user)?;
    Ok(found)
}

/// Whose password it is; guesses are counted.
pub(in crate::cognito) fn checked_password(
    pool: &mut Pool,
    context: &Context<'_>,
    username: &str,
    password: &str,
) -> Result<String, Error> {
    constraint::username(username)?;
    if identified(pool, username).is_none() {
        migration::with_password(pool, context, username, password)?;
    }
    let key = asked_for(pool, context, username)?.ok_or(Error::IncorrectPassword)?;
    let user = pool.users.get(&key).ok_or(Error::IncorrectPassword)?;
    let is_right = user.password.as_ref().is_some_and(|hash| hash.matches(password));
    judged(pool, context, &key, is_right)?;
    Ok(key)
}

/// Counts what the user got wrong, until it is right.
pub(super) fn judged(pool: &mut Pool, context: &Context<'_>, key: &str, is_right: bool) -> Result<(), Error> {
    let user = pool.users.get_mut(key).ok_or(Error::IncorrectPassword)?;
    if !is_right {
        user.lockout.failed(context.now);
        return Err(Error::IncorrectPassword);
    }
    user.lockout = Default::default();
    Ok(())
}

/// What follows once the password was right: another password, a second factor, or tokens.
pub(super) fn proceed(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Result<Output, Error> {
    let user = pool.users.get(who.key).ok_or(Error::IncorrectPassword)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    match user.status {
        Status::Unconfirmed => Err(Error::UserNotConfirmed),
        Status::ResetRequired => Err(Error::PasswordResetRequired),
        Status::ForceChangePassword if user.password_expires.is_some_and(|expires| context.now >= expires) => {
            Err(Error::TemporaryPasswordExpired)
        }
        Status::ForceChangePassword => Ok(new_password::ask(pool, context, who)),
        Status::ExternalProvider => Err(Error::IncorrectPassword),
        Status::Confirmed => second_factor::ask(pool, context, who),
    }
}

/// A session's tokens for a user who has answered all that was asked, and whose device has proven to be itself, if one was asked.
pub(super) fn signed_in(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    device: Option<String>,
) -> Result<Output, Error> {
    let on_new_device = pool.devices.is_some() && device.is_none();
    trigger::post_authentication(pool, context, (key, on_new_device))?;
    let client = pool.calling_client(context);
    let (id, refresh_token) = pool.start_session(key, &client, context.random, context.now);
    let new_device_metadata = pool.tie(context, &id, device);
    let tokens = token::issue(pool, context, &id)?;
    let result = AuthenticationResult { new_device_metadata, ..result(&client, tokens, Some(refresh_token)) };
    Ok(Output { authentication_result: Some(result), ..Output::default() })
}

pub(super) fn result(
    client: &Client,
    (id_token, access_token): (String, String),
    refresh_token: Option<String>,
) -> AuthenticationResult {
    let expires_in = client.settings.access_token.into();
    AuthenticationResult {
        access_token,
        expires_in,
        id_token,
        new_device_metadata: None,
        refresh_token,
        token_type: "Bearer",
    }
}

/// Asks a user something.
pub(super) fn asks(pool: &mut Pool, context: &Context<'_>, who: Who<'_>, asked: Asked) -> (String, String) {
    let username = pool.users.get(who.key).map(|user| user.username.clone()).unwrap_or_default();
    (pool.challenge(context, (who.key, who.device), asked), username)
}

pub(super) fn required<'a>(parameters: &'a Parameters, name: &'static str) -> Result<&'a str, Error> {
    parameters.get(name).map(String::as_str).ok_or(Error::MissingParameter(name))
}
