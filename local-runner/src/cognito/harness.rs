use std::collections::BTreeMap;

use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value};

use super::{
    Attempt, Caller, Cognito, Context, Forged, Journal, Talk,
    attributes::{Attribute, Writer},
    error::Error,
    oauth::audience,
    operations::admin_update_user_attributes,
    pool::{Pool, Pools, fold},
    registration::new_user,
    schema::Occasion,
    token::{Claims, Tokens},
    trigger,
    user::Status,
};

/// A sign-in without a password, as tests have it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The pool's name in the manifest.
    pub(crate) pool: String,
    pub(crate) username: String,
    pub(crate) groups: Vec<String>,
    /// What the user has from then on, as an administrator writes it.
    pub(crate) attributes: BTreeMap<String, String>,
    /// What the access token, which alone has scopes, has in place of its own.
    pub(crate) scopes: Vec<String>,
    /// What both tokens say beside.
    pub(crate) claims: Map<String, Value>,
}

impl Wanted {
    pub(crate) fn new(pool: &str, username: &str) -> Self {
        Self { pool: pool.into(), username: username.into(), ..Self::default() }
    }

    /// Changes what the tokens would say.
    fn apply(&self, claims: &mut Claims) {
        claims.extend(&self.claims);
        if !self.scopes.is_empty() {
            claims.access.insert("scope".into(), self.scopes.join(" ").into());
        }
    }
}

/// What a verifier of a pool's tokens has to know; its keys are [`Cognito::keys_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolIssuer {
    /// The pool's name in the manifest.
    pub(crate) pool: String,
    pub(crate) pool_id: String,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// If the client has one.
    pub(crate) client_secret: Option<String>,
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
            client_secret: pool.own_client().secret(),
            audience: audience(pool),
        };
        self.lock().iter().map(describe).collect()
    }

    /// What a pool publishes to verify its tokens. The key is made when this or a token is first asked for.
    pub(crate) fn keys_of(&self, pool_id: &str) -> JwkSet {
        self.keys.key().published(pool_id)
    }

    /// The claims of an ID token of a pool, if it still works and its user does.
    ///
    /// # Errors
    /// What identity pools say of it.
    pub(crate) fn verified_id_token(&self, pool_id: &str, token: &str) -> Result<Map<String, Value>, String> {
        let (caller, journal) = (Caller::default(), Journal::default());
        let context = self.context(&caller, &journal);
        let key = context.keys.key();
        let invalid = || "Not a valid OpenId Connect identity token.".to_owned();
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        if header.kid.as_deref() != Some(&key.id(pool_id)) {
            return Err("Token signature invalid".into());
        }
        let claims: Map<String, Value> = key.verify(token).ok_or("Token signature invalid")?;
        let pools = self.lock();
        let pool = pools.iter().find(|pool| pool.id == pool_id).ok_or_else(invalid)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if text("token_use") != Some("id") || text("iss") != Some(&context.issuer.of(pool)) {
            return Err(invalid());
        }
        if text("aud") != Some(&pool.client_id) {
            return Err("Incorrect token audience.".into());
        }
        let (now, expires) = (context.now.seconds(), claims.get("exp").and_then(Value::as_u64).unwrap_or_default());
        if now >= expires {
            return Err(format!("Token expired: {now} >= {expires}"));
        }
        let user = text("sub").and_then(|sub| pool.users.values().find(|user| user.sub() == sub));
        let session = text("origin_jti").and_then(|id| pool.sessions.get(id));
        match (user, session) {
            (Some(user), Some(session)) if user.enabled && !session.revoked => Ok(claims),
            _ => Err("Token is revoked or its user is disabled".into()),
        }
    }

    /// Signs a token with a key that is no pool's: its id is of another name.
    pub(crate) fn sign_as(&self, issuer: &str, claims: &Value) -> String {
        let key = self.keys.key();
        key.sign(key.id(issuer), claims)
    }

    /// The claims of a token that was signed so.
    pub(crate) fn opened_as(&self, issuer: &str, token: &str) -> Option<Map<String, Value>> {
        let key = self.keys.key();
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.kid.as_deref() != Some(&key.id(issuer)) {
            return None;
        }
        key.verify(token)
    }

    /// Signs a user in. Whoever is not there yet is made, confirmed, with a verified address, and a member of the groups. The pool's
    /// function that changes tokens is asked; what else is wanted comes after that, and what is to be wrong last.
    pub(crate) fn sign_in(&self, talk: &mut Talk, wanted: &Wanted, forged: Option<&Forged>) -> Attempt<Tokens> {
        self.attempt(talk, |pools, context| {
            let pool = by_name(pools, &wanted.pool)?;
            let caller = Caller::of_client(&pool.client_id);
            let context = Context { caller: &caller, ..*context };
            let username = &wanted.username;
            let (claims, refresh) = claims_of(pool, &context, wanted)?;
            let user = pool.key_of(username).and_then(|key| pool.users.get(&key)).ok_or(Error::UserNotFound)?;
            let mut claims = trigger::customized(pool, &context, user, claims)?;
            wanted.apply(&mut claims);
            let (id, access) = match forged {
                Some(forged) => forged.signed(pool, &context, claims),
                None => claims.signed(pool, &context),
            };
            Ok(Tokens { id, access, refresh })
        })
    }
}

pub(super) fn by_name<'a>(pools: &'a mut Pools, name: &str) -> Result<&'a mut Pool, Error> {
    pools.iter_mut().find(|pool| pool.name == name).ok_or_else(|| Error::PoolNotFound(name.into()))
}

/// What the tokens of a new session say, and its refresh token.
fn claims_of(pool: &mut Pool, context: &Context<'_>, wanted: &Wanted) -> Result<(Claims, String), Error> {
    let Wanted { username, groups, attributes, .. } = wanted;
    let written = attributes.iter().map(|(name, value)| Attribute { name: name.clone(), value: value.clone() });
    let written = written.collect();
    let key = match pool.key_of(username) {
        Some(key) if attributes.is_empty() => key,
        Some(key) => {
            let written = pool.schema.checked(written, Writer::Administrator, Occasion::Update)?;
            admin_update_user_attributes::write(pool, context, &key, written)?;
            key
        }
        None => add(pool, context, username, written)?,
    };
    for group in groups {
        pool.has_group(group)?;
    }
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    user.groups.extend(groups.iter().cloned());
    let client = pool.own_client();
    let (id, refresh) = pool.start_session(&key, &client, context.random, context.now);
    let user = pool.users.get(&key).ok_or(Error::UserNotFound)?;
    let session = pool.sessions.get(&id).ok_or(Error::InvalidSession)?;
    Ok((Claims::of(pool, user, (&id, session), context), refresh))
}

fn add(pool: &mut Pool, context: &Context<'_>, username: &str, written: Vec<Attribute>) -> Result<String, Error> {
    let contact = pool.contact().map(|contact| contact.verified_attribute());
    let is_said = |name: &&str| written.iter().any(|attribute| attribute.name == *name);
    let verified = contact.filter(|name| !is_said(name));
    let mut user = new_user(pool, context, username, written, Writer::Administrator, Status::Confirmed)?;
    if let Some(verified) = verified {
        user.attributes.insert(verified.into(), "true".into());
    }
    let key = fold(&user.username);
    pool.users.insert(key.clone(), user);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        cognito::{
            Issuer, Keys, Settings,
            testing::{clock, cognito, decoded, with_attributes},
        },
        random::Random,
        site::Site,
    };

    fn sign_in(cognito: &Cognito, username: &str, groups: &[&str]) -> Result<Tokens, Error> {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        let wanted = Wanted { groups, ..Wanted::new("Shopper", username) };
        cognito.tokens(&wanted, None)
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
    fn attributes_are_kept_and_in_the_id_token() {
        let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
        let site = Site::new("orders", "us-east-1");
        let cognito = Cognito::new(&with_attributes(), site, clock(), Keys::Shared, settings);
        let sign_in = |attributes: &[(&str, &str)]| {
            let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let wanted = Wanted { attributes, ..Wanted::new("Shopper", "ann@example.com") };
            cognito.tokens(&wanted, None)
        };
        sign_in(&[("custom:plan", "gold"), ("custom:tenant", "acme"), ("custom:size", "43")]).unwrap();
        let tokens = sign_in(&[("custom:plan", "silver")]).unwrap();
        let (id, access) = (decoded(&tokens.id.into()), decoded(&tokens.access.into()));
        assert_eq!((&id["custom:plan"], &id["custom:tenant"]), (&json!("silver"), &json!("acme")));
        assert_eq!((&id["custom:size"], access.get("custom:plan")), (&json!("43"), None), "all are text");
        assert!(sign_in(&[("custom:tenant", "other")]).is_err());
        assert!(sign_in(&[("custom:plam", "gold")]).is_err());
    }

    #[test]
    fn an_address_is_verified_unless_it_is_said_not_to_be() {
        let attributes = [("email_verified".to_owned(), "false".to_owned())];
        let wanted = Wanted { attributes: attributes.into(), ..Wanted::new("Shopper", "ann@example.com") };
        let cognito = cognito();
        for _ in 0..2 {
            let tokens = cognito.tokens(&wanted, None).unwrap();
            assert_eq!(decoded(&tokens.id.into())["email_verified"], false);
        }
    }

    #[test]
    fn extra_claims_are_in_both_tokens() {
        let claims = json!({ "tenant": "blue" }).as_object().unwrap().clone();
        let wanted = Wanted { claims, ..Wanted::new("Shopper", "ann@example.com") };
        let tokens = cognito().tokens(&wanted, None).unwrap();
        assert_eq!(decoded(&tokens.id.into())["tenant"], "blue");
        assert_eq!(decoded(&tokens.access.into())["tenant"], "blue");
    }

    #[test]
    fn scopes_are_in_the_access_token_alone() {
        let scopes = vec!["orders/read".to_owned(), "orders/write".to_owned()];
        let wanted = Wanted { scopes, ..Wanted::new("Shopper", "ann@example.com") };
        let tokens = cognito().tokens(&wanted, None).unwrap();
        assert_eq!(decoded(&tokens.id.into()).get("scope"), None);
        assert_eq!(decoded(&tokens.access.into())["scope"], "orders/read orders/write");
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
