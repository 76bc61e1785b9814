//! What `InitiateAuth`, `RespondToAuthChallenge` and their administrators' kin have in common.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::cognito::{
    Context,
    attributes::{self, Writer},
    constraint,
    error::Error,
    password::{self, PasswordHash},
    pool::Pool,
    token::{Claims, LIFE},
    user::Status,
};

/// `AuthParameters` and `ChallengeResponses`.
pub(super) type Parameters = BTreeMap<String, String>;

/// Tokens, or a challenge that comes before them.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    challenge_parameters: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authentication_result: Option<AuthenticationResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthenticationResult {
    access_token: String,
    expires_in: u64,
    id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
}

/// Signs in with a name and a password. That there is no such user looks like a wrong password, as clients with
/// `PreventUserExistenceErrors` have it.
pub(super) fn with_password(pool: &mut Pool, context: &Context<'_>, parameters: &Parameters) -> Result<Output, Error> {
    let username = required(parameters, "USERNAME")?;
    let password = required(parameters, "PASSWORD")?;
    constraint::username(username)?;
    let key = pool.key_of(username).ok_or(Error::IncorrectPassword)?;
    let user = pool.users.get_mut(&key).ok_or(Error::IncorrectPassword)?;
    user.lockout.check(context.now)?;
    if !user.password.as_ref().is_some_and(|hash| hash.matches(password)) {
        user.lockout.failed(context.now);
        return Err(Error::IncorrectPassword);
    }
    user.lockout = Default::default();
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    match user.status {
        Status::Unconfirmed => Err(Error::UserNotConfirmed),
        Status::ForceChangePassword if user.password_expires.is_some_and(|expires| context.now >= expires) => {
            Err(Error::TemporaryPasswordExpired)
        }
        Status::ForceChangePassword => Ok(new_password_required(pool, context, key)),
        Status::ExternalProvider => Err(Error::IncorrectPassword),
        Status::Confirmed => tokens(pool, context, &key),
    }
}

/// Gets new tokens for the session that a refresh token belongs to.
pub(super) fn with_refresh_token(
    pool: &mut Pool,
    context: &Context<'_>,
    parameters: &Parameters,
) -> Result<Output, Error> {
    refresh(pool, context, required(parameters, "REFRESH_TOKEN")?)
}

pub(super) fn refresh(pool: &Pool, context: &Context<'_>, token: &str) -> Result<Output, Error> {
    let (id, session) = pool.refreshed(token, context.now)?;
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    let (id_token, access_token) = Claims::of(pool, user, (&id, session), context).signed(pool, context);
    Ok(Output { authentication_result: Some(result(id_token, access_token, None)), ..Output::default() })
}

/// Takes the answer to a challenge.
pub(super) fn with_challenge(
    pool: &mut Pool,
    context: &Context<'_>,
    name: &str,
    session: Option<&str>,
    responses: &Parameters,
) -> Result<Output, Error> {
    if name != "NEW_PASSWORD_REQUIRED" {
        return Err(Error::NotEmulated(format!("The challenge {name}")));
    }
    let session = session.ok_or(Error::MissingParameter("Session"))?;
    let username = required(responses, "USERNAME")?;
    let new_password = required(responses, "NEW_PASSWORD")?;
    let key = pool.challenged(session, context.now)?;
    if pool.key_of(username).as_ref() != Some(&key) {
        return Err(Error::InvalidSession);
    }
    constraint::password("newPassword", new_password)?;
    password::check_policy(new_password)?;
    let written = responses.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("userAttributes.")?;
        Some(attributes::Attribute { name: name.into(), value: value.clone() })
    });
    let written = attributes::checked(written.collect(), Writer::Client)?;
    let user = pool.users.get_mut(&key).ok_or(Error::InvalidSession)?;
    user.write(written);
    user.set_password(PasswordHash::new(new_password, context.random), None, context.now);
    pool.answered(session);
    tokens(pool, context, &key)
}

fn new_password_required(pool: &mut Pool, context: &Context<'_>, key: String) -> Output {
    let (username, known) = pool.users.get(&key).map_or_else(Default::default, |user| {
        let known: BTreeMap<_, _> = user.attributes.iter().filter(|(name, _)| *name != "sub").collect();
        (user.username.clone(), json!(known).to_string())
    });
    Output {
        challenge_name: Some("NEW_PASSWORD_REQUIRED"),
        challenge_parameters: BTreeMap::from([
            ("USER_ID_FOR_SRP", username),
            ("requiredAttributes", "[]".into()),
            ("userAttributes", known),
        ]),
        session: Some(pool.challenge(key, context.random, context.now)),
        authentication_result: None,
    }
}

fn tokens(pool: &mut Pool, context: &Context<'_>, key: &str) -> Result<Output, Error> {
    let (_, refresh_token) = pool.start_session(key, context.random, context.now);
    let mut output = refresh(pool, context, &refresh_token)?;
    if let Some(result) = &mut output.authentication_result {
        result.refresh_token = Some(refresh_token);
    }
    Ok(output)
}

fn result(id_token: String, access_token: String, refresh_token: Option<String>) -> AuthenticationResult {
    AuthenticationResult { access_token, expires_in: LIFE.as_secs(), id_token, refresh_token, token_type: "Bearer" }
}

fn required<'a>(parameters: &'a Parameters, name: &'static str) -> Result<&'a str, Error> {
    parameters.get(name).map(String::as_str).ok_or(Error::MissingParameter(name))
}
