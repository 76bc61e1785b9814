use std::collections::BTreeMap;

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value, json};
use skyloom_manifest::IdentityProvider;

use super::{
    Call,
    address::Address,
    authorize::Asked,
    browser,
    federation::{Learned, What, parameters_of},
    kept::VISIT_LIFE,
    login, page, reply,
};
use crate::cognito::{
    Context,
    attributes::STANDARD,
    pool::{Pool, Pools, fold},
    user::{Status, User},
};

/// Goes on with what another provider said.
pub(super) fn finish(pools: &mut Pools, context: &Context<'_>, learned: Learned) -> Response<Bytes> {
    let Learned { address, what } = learned;
    let Ok(pool) = address.pool(pools) else { return reply::not_found() };
    match what {
        What::SignIn { url, cookie } => {
            let mut response = reply::redirect(&url);
            let seconds = VISIT_LIFE.as_secs();
            browser::set_cookie(&mut response, &address, (browser::FEDERATION, &cookie), seconds);
            response
        }
        What::Nobody { said, query: None } => page::error("invalid_request", &said, 502),
        What::Nobody { said, query: Some(query) } => refuse(pool, &address, &query, &said),
        What::User { provider, claims, query } => match known(pool, context, &provider, &claims) {
            Ok(user) => welcome(pool, context, &address, &query, &user),
            Err(said) => refuse(pool, &address, &query, said),
        },
    }
}

fn refuse(pool: &Pool, address: &Address, query: &str, said: &str) -> Response<Bytes> {
    let asked = Asked::read(pool, address, &parameters_of(query));
    asked.map_or_else(|refusal| *refusal, |asked| asked.refuse("invalid_request", said))
}

fn welcome(pool: &mut Pool, context: &Context<'_>, address: &Address, query: &str, user: &str) -> Response<Bytes> {
    let request = http::Request::new(Bytes::new());
    let call = Call { address, request: &request };
    match Asked::read(pool, address, &parameters_of(query)) {
        Ok(asked) => {
            let mut response = login::welcome(pool, context, &call, (&asked, user));
            browser::set_cookie(&mut response, address, (browser::FEDERATION, ""), 0);
            response
        }
        Err(refusal) => *refusal,
    }
}

/// The place in the pool of a provider's user, who is made or brought up to date. A user of the pool's own is never taken for one,
/// whatever their name is.
fn known(
    pool: &mut Pool,
    context: &Context<'_>,
    provider: &IdentityProvider,
    claims: &Map<String, Value>,
) -> Result<String, &'static str> {
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let username = format!("{}_{subject}", provider.name);
    let key = fold(&username);
    let is_theirs = |user: &User| user.is_federated() && user.username == username;
    match pool.users.get(&key) {
        Some(user) if !is_theirs(user) => return Err("the pool has another user of this name"),
        Some(user) if !user.enabled => return Err("User is disabled."),
        Some(_) => {}
        None => {
            let sub = context.random.uuid();
            pool.users.insert(key.clone(), User::new(username, sub, Status::ExternalProvider, context.now));
        }
    }
    let group = format!("{}_{}", pool.id, provider.name);
    if let Some(user) = pool.users.get_mut(&key) {
        user.groups.insert(group); // Cognito makes a group for each provider
        let identity = user.attributes.get("identities").cloned();
        user.write(mapped(provider, claims));
        let identity = identity.unwrap_or_else(|| identities(provider, subject, context.now.seconds()));
        user.attributes.insert("identities".into(), identity);
        user.modified = context.now;
    }
    Ok(key)
}

/// The attributes that are taken from claims. `sub` is the pool's own.
fn mapped(provider: &IdentityProvider, claims: &Map<String, Value>) -> BTreeMap<String, String> {
    let is_known = |name: &str| name != "sub" && (STANDARD.contains(&name) || name.starts_with("custom:"));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = provider.attributes.iter().filter(|(name, _)| is_known(name));
    let found = pairs.filter_map(|(name, claim)| Some((name.clone(), claims.get(claim).filter(|it| !it.is_null())?)));
    found.map(|(name, value)| (name, text(value))).collect()
}

/// What Cognito keeps of where a user comes from.
fn identities(provider: &IdentityProvider, subject: &str, now: u64) -> String {
    json!([{
        "userId": subject,
        "providerName": provider.name,
        "providerType": "OIDC",
        "issuer": null,
        "primary": "true",
        "dateCreated": (now * 1_000).to_string(),
    }])
    .to_string()
}
