use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::cognito::{Context, error::Error, pool::Pool, token};

/// What a user let a client have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
}

impl Grant {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|it| it == scope)
    }
}

/// The tokens of a session.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) session: String,
    pub(super) access: String,
    /// Only where the client asked for `openid`.
    pub(super) id: Option<String>,
    pub(super) refresh: String,
}

/// Begins a session of a user with a client.
pub(super) fn begin(
    pool: &mut Pool,
    context: &Context<'_>,
    (user, grant): (&str, Grant),
    nonce: Option<&str>,
) -> Result<Issued, Error> {
    if !pool.users.get(user).ok_or(Error::UserNotFound)?.enabled {
        return Err(Error::UserDisabled);
    }
    let client = pool.client_with_id(&grant.client_id).ok_or_else(|| Error::ClientNotFound(grant.client_id.clone()))?;
    let (session, refresh) = pool.start_session(user, &client, context.random, context.now);
    let sessions = &pool.sessions;
    pool.oauth.kept.keep_grants(|id| sessions.contains_key(id));
    pool.oauth.kept.add_grant(&session, grant);
    let (access, id) = signed(pool, context, &session, nonce)?;
    Ok(Issued { session, access, id, refresh })
}

/// New tokens of a session: the access token, and the ID token if there is one.
pub(super) fn signed(
    pool: &Pool,
    context: &Context<'_>,
    id: &str,
    nonce: Option<&str>,
) -> Result<(String, Option<String>), Error> {
    let session = pool.sessions.get(id).ok_or(Error::InvalidSession)?;
    let user = pool.users.get(&session.user).ok_or(Error::UserNotFound)?;
    if !user.enabled {
        return Err(Error::UserDisabled);
    }
    let mut claims = token::claims(pool, context, id)?;
    let key = context.keys.key();
    let access = key.sign(key.id(&pool.id), &claims.access);
    let with_id = pool.oauth.kept.grant(id).is_none_or(|grant| grant.has("openid"));
    claims.id.insert("at_hash".into(), at_hash(&access).into());
    if let Some(nonce) = nonce {
        claims.id.insert("nonce".into(), nonce.into());
    }
    Ok((access, with_id.then(|| key.sign(key.id(&pool.id), &claims.id))))
}

/// Ties an ID token to its access token (OpenID Connect Core, 3.1.3.6).
fn at_hash(access: &str) -> String {
    let hash = digest::digest(&SHA256, access.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}
