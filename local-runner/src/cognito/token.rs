use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Context,
    attributes::is_verification,
    client::Client,
    error::Error,
    pool::{Pool, Pools, fold},
    session::Session,
    trigger,
    user::User,
};

/// What lets a token call `GetUser` and the like.
const SCOPE: &str = "aws.cognito.signin.user.admin";

/// What a user gets who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) id: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// The claims of an ID token and of an access token, before they are signed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claims {
    pub(crate) id: Map<String, Value>,
    pub(crate) access: Map<String, Value>,
}

impl Claims {
    /// What Cognito says of a user in a session.
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html>
    pub(super) fn of(pool: &Pool, user: &User, (session_id, session): (&str, &Session), context: &Context<'_>) -> Self {
        let mut common = Map::new();
        let mut say = |name: &str, value: Value| common.insert(name.into(), value);
        say("sub", user.sub().into());
        say("iss", context.issuer.of(pool).into());
        say("origin_jti", session_id.into());
        say("event_id", context.random.uuid().into());
        say("auth_time", session.started.seconds().into());
        say("iat", context.now.seconds().into());
        if !user.groups.is_empty() {
            say("cognito:groups", user.groups.iter().cloned().collect());
        }
        let client = pool.client_of(session);
        let id = id_claims(common.clone(), (pool, &client), user, context);
        let mut claims = Self { id, access: access_claims(common, &client, user, context) };
        if let Some(device) = &session.device_key {
            claims.access.insert("device_key".into(), device.clone().into());
        }
        pool.oauth.limit(&mut claims, session_id);
        claims
    }

    /// Adds claims to both tokens, as a trigger of Cognito's can.
    pub(super) fn extend(&mut self, extra: &Map<String, Value>) {
        self.id.extend(extra.clone());
        self.access.extend(extra.clone());
    }

    /// Signs them with the pool's key: the ID token and the access token.
    pub(super) fn signed(&self, pool: &Pool, context: &Context<'_>) -> (String, String) {
        let key = context.keys.key();
        (key.sign(key.id(&pool.id), &self.id), key.sign(key.id(&pool.id), &self.access))
    }
}

fn id_claims(
    mut claims: Map<String, Value>,
    (pool, client): (&Pool, &Client),
    user: &User,
    context: &Context<'_>,
) -> Map<String, Value> {
    for (name, value) in &user.attributes {
        let value = if is_verification(name) { json!(value == "true") } else { json!(value) };
        claims.insert(name.clone(), value);
    }
    let (roles, preferred) = pool.roles(user);
    if !roles.is_empty() {
        claims.insert("cognito:roles".into(), json!(roles));
    }
    if let Some(role) = preferred {
        claims.insert("cognito:preferred_role".into(), role.into());
    }
    claims.insert("exp".into(), end(context, client.settings.id_token).into());
    claims.insert("aud".into(), client.id.clone().into());
    claims.insert("cognito:username".into(), user.username.clone().into());
    claims.insert("jti".into(), context.random.uuid().into());
    claims.insert("token_use".into(), "id".into());
    claims
}

fn access_claims(
    mut claims: Map<String, Value>,
    client: &Client,
    user: &User,
    context: &Context<'_>,
) -> Map<String, Value> {
    claims.insert("exp".into(), end(context, client.settings.access_token).into());
    claims.insert("client_id".into(), client.id.clone().into());
    claims.insert("username".into(), user.username.clone().into());
    claims.insert("jti".into(), context.random.uuid().into());
    claims.insert("scope".into(), SCOPE.into());
    claims.insert("token_use".into(), "access".into());
    claims
}

fn end(context: &Context<'_>, life: u32) -> u64 {
    context.now.after(Duration::from_secs(life.into())).seconds()
}

/// The ID token and the access token of a session: all that any flow issues is issued here.
pub(super) fn issue(pool: &Pool, context: &Context<'_>, session_id: &str) -> Result<(String, String), Error> {
    Ok(claims(pool, context, session_id)?.signed(pool, context))
}

/// What the tokens of a session say.
pub(super) fn claims(pool: &Pool, context: &Context<'_>, session_id: &str) -> Result<Claims, Error> {
    let session = pool.sessions.get(session_id).ok_or(Error::InvalidSession)?;
    let user = pool.users.get(&session.user).ok_or(Error::InvalidRefreshToken)?;
    trigger::customized(pool, context, user, Claims::of(pool, user, (session_id, session), context))
}

/// The claims on which the operations that take an access token depend.
#[derive(Deserialize)]
struct AccessClaims {
    iss: String,
    username: String,
    origin_jti: String,
    token_use: String,
    scope: String,
    exp: u64,
}

/// The pool of an access token, and its user's place in it, if the token still works.
pub(super) fn authenticate<'a>(
    pools: &'a mut Pools,
    context: &Context<'_>,
    token: &str,
) -> Result<(&'a mut Pool, String), Error> {
    authenticate_session(pools, context, token).map(|(pool, user, _)| (pool, user))
}

/// The same with the id of the session.
pub(super) fn authenticate_session<'a>(
    pools: &'a mut Pools,
    context: &Context<'_>,
    token: &str,
) -> Result<(&'a mut Pool, String, String), Error> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Error::InvalidAccessToken)?;
    let key = context.keys.key();
    let pool = pools.iter_mut().find(|pool| header.kid.as_deref() == Some(&key.id(&pool.id)));
    let pool = pool.ok_or(Error::InvalidAccessToken)?;
    let claims: AccessClaims = key.verify(token).ok_or(Error::InvalidAccessToken)?;
    if claims.token_use != "access" || claims.iss != context.issuer.of(pool) {
        return Err(Error::InvalidAccessToken);
    }
    if !claims.scope.split(' ').any(|scope| scope == SCOPE) {
        return Err(Error::MissingScope);
    }
    if context.now.seconds() >= claims.exp {
        return Err(Error::AccessTokenExpired);
    }
    let user = fold(&claims.username);
    if !pool.users.get(&user).ok_or(Error::UserNotFound)?.enabled {
        return Err(Error::UserDisabled);
    }
    match pool.sessions.get(&claims.origin_jti) {
        Some(session) if !session.revoked => Ok((pool, user, claims.origin_jti)),
        _ => Err(Error::AccessTokenRevoked),
    }
}
