//! What all ways to sign in have in common: who it is, whether the user may, and what follows the password.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Deserializer, Serialize};

use super::{migration, new_password, second_factor};
use crate::cognito::{
    Context,
    challenge::Asked,
    client::Client,
    constraint,
    device::NewDevice,
    error::Error,
    lockout::Lockout,
    password::PasswordHash,
    pool::Pool,
    token, trigger,
    user::{Status, User},
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
/// clients with `PreventUserExistenceErrors` have it; and another provider's users do not sign in here.
pub(in crate::cognito) fn identified(pool: &Pool, username: &str) -> Option<String> {
    let is_own = |key: &String| pool.users.get(key).is_some_and(|user| user.status != Status::ExternalProvider);
    pool.key_of(username).filter(is_own)
}

/// A user who may have tokens for what they know: neither disabled, maybe in the middle of the sign-in, nor another provider's.
pub(super) fn eligible<'a>(pool: &'a Pool, key: &str) -> Result<&'a User, Error> {
    match pool.users.get(key) {
        Some(user) if user.status == Status::ExternalProvider => Err(Error::IncorrectPassword),
        Some(user) if !user.enabled => Err(Error::UserDisabled),
        Some(user) => Ok(user),
        None => Err(Error::IncorrectPassword),
    }
}

/// Whether the user may try now, before anything is looked at that the user knows. Somebody who is not there is slowed down, too.
pub(super) fn admitted(pool: &Pool, context: &Context<'_>, who: &str) -> Result<(), Error> {
    pool.lockout(who).map_or(Ok(()), |lockout| lockout.check(context.now))
}

/// Who wants to sign in, if there is such a user, and may try now.
pub(super) fn asked_for(pool: &Pool, context: &Context<'_>, username: &str) -> Result<Option<String>, Error> {
    let found = identified(pool, username);
    admitted(pool, context, found.as_deref().unwrap_or(username))?;
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
    if pool.key_of(username).is_none() {
        migration::with_password(pool, context, username, password)?;
    }
    let found = asked_for(pool, context, username)?;
    let kept = found.as_ref().and_then(|key| pool.users.get(key)?.password.as_ref());
    let is_right = PasswordHash::fits(kept, password);
    judged(pool, context, found.as_deref().unwrap_or(username), is_right)?;
    let key = found.ok_or(Error::IncorrectPassword)?;
    pool.complete(&key, password, context.random);
    Ok(key)
}

/// Counts what the user got wrong, until it is right; and what is guessed of somebody who is not there.
pub(super) fn judged(pool: &mut Pool, context: &Context<'_>, who: &str, is_right: bool) -> Result<(), Error> {
    let lockout = pool.lockout_mut(who, context.now);
    if !is_right {
        lockout.failed(context.now);
        return Err(Error::IncorrectPassword);
    }
    *lockout = Lockout::default();
    Ok(())
}

/// Goes on with the sign-in of a user who has shown the password, and has been confirmed since.
pub(in crate::cognito) fn confirmed(pool: &mut Pool, context: &Context<'_>, key: &str) -> Result<Output, Error> {
    let username = pool.users.get(key).ok_or(Error::UserNotFound)?.username.clone();
    asked_for(pool, context, &username)?;
    proceed(pool, context, Who { key, device: None })
}

/// What follows once the password was right: another password, a second factor, or tokens.
pub(super) fn proceed(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Result<Output, Error> {
    let user = eligible(pool, who.key)?;
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
    eligible(pool, key)?;
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
