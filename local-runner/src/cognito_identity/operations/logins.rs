//! Who a caller is by the tokens that they bring.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::cognito_identity::{
    Around, CognitoIdentities, Error, Identity,
    pool::{Pool, uuid_of},
};

/// A token that was looked at.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) provider: String,
    pub(super) user: String,
    pub(super) claims: Map<String, Value>,
}

/// The tokens of a request, each of which has to be good.
pub(super) fn verified(
    pool: &Pool,
    around: &dyn Around,
    logins: Option<&BTreeMap<String, String>>,
) -> Result<Vec<Login>, Error> {
    let known: Vec<_> = pool.declared.providers.iter().filter_map(|name| around.provider(name)).collect();
    let verify = |(provider, token): (&String, &String)| {
        if !known.contains(provider) {
            return Err(Error::UnsupportedProvider);
        }
        let claims = around.claims(provider, token).map_err(Error::InvalidToken)?;
        let user = claims.get("sub").and_then(Value::as_str).ok_or_else(no_subject)?.to_owned();
        Ok(Login { provider: provider.clone(), user, claims })
    };
    logins.into_iter().flatten().map(verify).collect()
}

fn no_subject() -> Error {
    Error::InvalidToken("Not a valid OpenId Connect identity token.".into())
}

/// The identity that a user has already, or has from now on: what it is called follows from who they are, so that items under
/// its id are theirs in the next run, too.
pub(super) fn identity_of(pools: &CognitoIdentities, pool: &Pool, logins: &[Login]) -> Option<String> {
    let first = logins.first()?;
    let mut identities = pools.identities();
    let has = |identity: &Identity, login: &Login| {
        identity.pool == pool.id && identity.logins.get(&login.provider) == Some(&login.user)
    };
    let known = identities.iter().find(|(_, identity)| logins.iter().any(|login| has(identity, login)));
    let id = known.map(|(id, _)| id.clone());
    let id = id.unwrap_or_else(|| new_id(&identities, &[&pools.site.region, &pool.id, &first.provider, &first.user]));
    let now = pools.clock.now();
    let identity = identities.entry(id.clone()).or_insert_with(|| Identity {
        pool: pool.id.clone(),
        logins: BTreeMap::new(),
        is_orphan: false,
        created: now,
        modified: now,
    });
    for login in logins {
        identity.logins.insert(login.provider.clone(), login.user.clone());
    }
    Some(id)
}

/// The first id of a user that is no identity's yet: who was taken from one is somebody new.
fn new_id(identities: &BTreeMap<String, Identity>, [region, pool, provider, user]: &[&str; 4]) -> String {
    let first = uuid_of(region, &["identity", pool, provider, user]);
    let later = (1_u32..).map(|count| uuid_of(region, &["identity", pool, provider, user, &count.to_string()]));
    let mut ids = std::iter::once(first.clone()).chain(later);
    ids.find(|id| !identities.contains_key(id)).unwrap_or(first)
}

/// The identity that a caller of a request for credentials has: the one that is named, if it is theirs.
pub(super) fn own_identity(
    pools: &CognitoIdentities,
    pool: &Pool,
    named: &str,
    logins: &[Login],
) -> Result<String, Error> {
    let identity = pools.identities().get(named).cloned().ok_or_else(|| Error::IdentityNotFound(named.to_owned()))?;
    if identity.is_orphan {
        return Err(Error::Forbidden(named.to_owned()));
    }
    match (identity.logins.is_empty(), logins) {
        (true, []) if pool.has_guests() => Ok(named.to_owned()),
        (true, []) => Err(Error::NoGuests),
        (false, []) => Err(Error::Forbidden(named.to_owned())),
        (true, logins) => Ok(signed_in(pools, pool, named, logins)),
        (false, logins) => {
            let is_theirs = logins.iter().any(|login| identity.logins.get(&login.provider) == Some(&login.user));
            if is_theirs { Ok(named.to_owned()) } else { Err(Error::LoginsDoNotMatch) }
        }
    }
}

/// A guest who signs in keeps the identity, unless they had another one before.
fn signed_in(pools: &CognitoIdentities, pool: &Pool, guest: &str, logins: &[Login]) -> String {
    let mut identities = pools.identities();
    let known = identities.iter().find(|(_, identity)| {
        identity.pool == pool.id && logins.iter().any(|login| identity.logins.get(&login.provider) == Some(&login.user))
    });
    if let Some((id, _)) = known {
        return id.clone();
    }
    if let Some(identity) = identities.get_mut(guest) {
        let pairs = logins.iter().map(|login| (login.provider.clone(), login.user.clone()));
        identity.logins.extend(pairs);
        identity.modified = pools.clock.now();
    }
    guest.to_owned()
}

/// What conditions and events call the ways in which a caller was recognised.
pub(super) fn amr(logins: &[Login]) -> Vec<String> {
    let Some(login) = logins.first() else { return vec!["unauthenticated".into()] };
    let Login { provider, user, .. } = login;
    vec!["authenticated".into(), provider.clone(), format!("{provider}:CognitoSignIn:{user}")]
}
