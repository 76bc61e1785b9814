use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value};

use super::{
    Cognito, Context,
    attributes::Writer,
    error::Error,
    oauth::audience,
    pool::{Pool, Pools, fold},
    registration::new_user,
    token::{Claims, Tokens},
    user::Status,
};

/// What a verifier of a pool's tokens has to know; its keys are [`Cognito::keys_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolIssuer {
    /// The pool's name in the manifest.
    pub(crate) pool: String,
    pub(crate) pool_id: String,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// The ids of all its clients.
    pub(crate) audience: Vec<String>,
}

impl Cognito {
    /// One for each pool.
    pub(crate) fn issuers(&self) -> Vec<PoolIssuer> {
        let describe = |pool: &Pool| PoolIssuer {
            pool: pool.name.clone(),
            pool_id: pool.id.clone(),
            issuer: self.settings.issuer.of(pool),
            client_id: pool.client_id.clone(),
            audience: audience(pool),
        };
        self.lock().iter().map(describe).collect()
    }

    /// What a pool publishes to verify its tokens. The key is made when this or a token is first asked for.
    pub(crate) fn keys_of(&self, pool_id: &str) -> JwkSet {
        self.keys.key().published(pool_id)
    }

    /// Signs a user in without a password, as tests do. Whoever is not there yet is made, confirmed, with a verified
    /// address, and a member of the groups. The extra claims are in both tokens, as a trigger of Cognito's would add them.
    pub(crate) fn sign_in(
        &self,
        pool: &str,
        username: &str,
        groups: &[&str],
        extra: &Map<String, Value>,
    ) -> Result<Tokens, Error> {
        let context = self.context();
        let mut pools = self.lock();
        let pool = by_name(&mut pools, pool)?;
        let (mut claims, refresh) = claims_of(pool, &context, username, groups)?;
        claims.extend(extra);
        let (id, access) = claims.signed(pool, &context);
        Ok(Tokens { id, access, refresh })
    }
}

pub(super) fn by_name<'a>(pools: &'a mut Pools, name: &str) -> Result<&'a mut Pool, Error> {
    pools.iter_mut().find(|pool| pool.name == name).ok_or_else(|| Error::PoolNotFound(name.into()))
}

/// What the tokens of a new session say, and its refresh token.
pub(super) fn claims_of(
    pool: &mut Pool,
    context: &Context<'_>,
    username: &str,
    groups: &[&str],
) -> Result<(Claims, String), Error> {
    let key = match pool.key_of(username) {
        Some(key) => key,
        None => add(pool, context, username)?,
    };
    for group in groups {
        pool.has_group(group)?;
    }
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    user.groups.extend(groups.iter().map(|group| (*group).to_owned()));
    let (id, refresh) = pool.start_session(&key, context.random, context.now);
    let user = pool.users.get(&key).ok_or(Error::UserNotFound)?;
    let session = pool.sessions.get(&id).ok_or(Error::InvalidSession)?;
    Ok((Claims::of(pool, user, (&id, session), context), refresh))
}

fn add(pool: &mut Pool, context: &Context<'_>, username: &str) -> Result<String, Error> {
    let mut user = new_user(pool, context, username, Vec::new(), Writer::Administrator, Status::Confirmed)?;
    if let Some(contact) = pool.contact() {
        user.attributes.insert(contact.verified_attribute().into(), "true".into());
    }
    let key = fold(&user.username);
    pool.users.insert(key.clone(), user);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cognito::testing::{cognito, decoded};

    fn sign_in(cognito: &Cognito, username: &str, groups: &[&str]) -> Result<Tokens, Error> {
        cognito.sign_in("Shopper", username, groups, &Map::new())
    }

    #[test]
    fn the_first_sign_in_makes_the_user_and_the_next_finds_it() {
        let cognito = cognito();
        let first = decoded(&sign_in(&cognito, "ann@example.com", &["staff"]).unwrap().id.into());
        let second = decoded(&sign_in(&cognito, "Ann@Example.com", &[]).unwrap().id.into());
        assert_eq!(first["sub"], second["sub"]);
        assert_eq!((&first["email"], &first["email_verified"]), (&json!("ann@example.com"), &json!(true)));
        assert_eq!(second["cognito:groups"], json!(["staff"]));
    }

    #[test]
    fn a_group_or_an_address_that_cannot_be_is_an_error() {
        let cognito = cognito();
        assert_eq!(sign_in(&cognito, "ann@example.com", &["stuff"]), Err(Error::GroupNotFound));
        assert!(sign_in(&cognito, "ann", &[]).unwrap_err().to_string().contains("should be an email"));
    }

    #[test]
    fn extra_claims_are_in_both_tokens() {
        let extra = json!({ "tenant": "blue" }).as_object().unwrap().clone();
        let tokens = cognito().sign_in("Shopper", "ann@example.com", &[], &extra).unwrap();
        assert_eq!(decoded(&tokens.id.into())["tenant"], "blue");
        assert_eq!(decoded(&tokens.access.into())["tenant"], "blue");
    }

    #[test]
    fn a_verifier_learns_the_issuer_the_client_and_the_keys() {
        let cognito = cognito();
        let issuer = &cognito.issuers()[2];
        assert_eq!(issuer.issuer, "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_RjhHZltqo");
        let token = sign_in(&cognito, "ann@example.com", &[]).unwrap().id;
        let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
        assert!(cognito.keys_of(&issuer.pool_id).find(&kid).is_some());
    }
}
