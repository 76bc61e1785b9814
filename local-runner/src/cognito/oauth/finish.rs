use std::{collections::BTreeMap, ops::Deref};

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
    visit::failed,
};
use crate::{
    cognito::{
        Cognito, Context, Talk,
        attributes::{Attribute, Writer},
        error::Error,
        group,
        pool::{Pool, Pools, fold},
        schema::{Occasion, Schema},
        trigger::{self, Caller, EXTERNAL_PROVIDER, Page, talk},
        user::{Status, User},
    },
    invoke::Invoke,
};

/// Goes on with what another provider said. Its user is in the pool before tokens are made, so that a function that is told of a
/// confirmation finds them there. The pools are asked for each time, and not held while functions run.
pub(crate) async fn finish<C: Deref<Target = Cognito>>(
    cognito: impl Fn() -> C,
    invoke: &Invoke,
    learned: Learned,
) -> Response<Bytes> {
    let caller = || Talk::of(Caller::of_page(learned.client_id(), Page::SignIn));
    let known = |talk: &mut Talk| cognito().attempt(talk, |pools, context| introduce(pools, context, &learned));
    let what = talk(invoke, caller(), known).await.unwrap_or_else(|error| learned.refused(&error));
    let answer =
        |talk: &mut Talk| cognito().attempt(talk, |pools, context| Ok(go_on(pools, context, &learned.address, &what)));
    talk(invoke, caller(), answer).await.unwrap_or_else(|error| failed(&error))
}

impl Learned {
    fn query(&self) -> Option<&str> {
        match &self.what {
            What::SignIn { .. } => None,
            What::User { query, .. } | What::Known { query, .. } => Some(query),
            What::Nobody { query, .. } => query.as_deref(),
        }
    }

    /// The client that sent the browser here.
    fn client_id(&self) -> Option<String> {
        parameters_of(self.query()?).get("client_id").map(str::to_owned)
    }

    /// The same where the pool does not take the user.
    fn refused(&self, error: &Error) -> What {
        What::Nobody { said: error.to_string(), query: self.query().map(str::to_owned) }
    }
}

/// Makes the user known to the pool whom a provider sent.
fn introduce(pools: &mut Pools, context: &Context<'_>, learned: &Learned) -> Result<What, Error> {
    match &learned.what {
        What::User { provider, claims, query } => {
            let user = known(learned.address.pool(pools)?, context, provider, claims)?;
            Ok(What::Known { user, query: query.clone() })
        }
        other => Ok(other.clone()),
    }
}

fn go_on(pools: &mut Pools, context: &Context<'_>, address: &Address, what: &What) -> Response<Bytes> {
    let Ok(pool) = address.pool(pools) else { return reply::not_found() };
    match what {
        What::SignIn { url, cookie } => {
            let mut response = reply::redirect(url);
            let seconds = VISIT_LIFE.as_secs();
            browser::set_cookie(&mut response, address, (browser::FEDERATION, cookie), seconds);
            response
        }
        What::Nobody { said, query: None } => page::error("invalid_request", said, 502),
        What::Nobody { said, query: Some(query) } => refuse(pool, address, query, said),
        What::Known { user, query } => welcome(pool, context, address, query, user),
        What::User { .. } => reply::not_found(), // is known by now, or refused
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
/// whatever their name is. Which functions are asked differs between the first visit and the later ones.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html#lambda-triggers-for-federated-users>
fn known(
    pool: &mut Pool,
    context: &Context<'_>,
    provider: &IdentityProvider,
    claims: &Map<String, Value>,
) -> Result<String, Error> {
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let username = format!("{}_{subject}", provider.name);
    let key = fold(&username);
    let is_theirs = |user: &User| user.is_federated() && user.username == username;
    match pool.users.get(&key) {
        Some(user) if !is_theirs(user) => {
            return Err(Error::InvalidParameter("the pool has another user of this name".into()));
        }
        Some(user) if !user.enabled => return Err(Error::UserDisabled),
        Some(user) => {
            trigger::pre_authentication(pool, context, &username, Some(user))?;
            let user = pool.users.get(&key).map(|user| user.attributes.clone()).unwrap_or_default();
            update(pool, context, &key, taken(pool, provider, claims, user)?);
            trigger::post_authentication(pool, context, (&key, false))?;
        }
        None => {
            let mut user = User::new(username.clone(), context.random.uuid(), Status::ExternalProvider, context.now);
            user.write(taken(pool, provider, claims, BTreeMap::new())?);
            trigger::pre_sign_up(pool, context, &mut user, EXTERNAL_PROVIDER)?;
            let identities = identities(provider, subject, context.now.seconds());
            user.attributes.insert("identities".into(), identities);
            user.groups.insert(group::of_provider(&pool.id, &provider.name));
            pool.users.insert(key.clone(), user);
            trigger::post_confirmation(pool, context, &key, "ConfirmSignUp");
        }
    }
    Ok(key)
}

fn update(pool: &mut Pool, context: &Context<'_>, key: &str, written: BTreeMap<String, String>) {
    if let Some(user) = pool.users.get_mut(key) {
        user.write(written);
        user.modified = context.now;
    }
}

/// The attributes that are taken from claims, if they are what the pool's are, and nothing is missing then that everyone has to have.
fn taken(
    pool: &Pool,
    provider: &IdentityProvider,
    claims: &Map<String, Value>,
    known: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    let mapped = mapped(&pool.schema, provider, claims).map(|(name, value)| Attribute { name, value });
    let written = pool.schema.checked(mapped.collect(), Writer::Administrator, Occasion::Federation)?;
    let mut all = known;
    all.extend(written.clone());
    pool.schema.check_complete(&all, Occasion::Federation)?;
    Ok(written)
}

/// What claims say of attributes of the pool. `sub` is its own.
fn mapped<'a>(
    schema: &'a Schema,
    provider: &'a IdentityProvider,
    claims: &'a Map<String, Value>,
) -> impl Iterator<Item = (String, String)> + 'a {
    let is_known = |name: &str| name != "sub" && schema.has(name);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = provider.attributes.iter().filter(move |(name, _)| is_known(name));
    let found = pairs.filter_map(|(name, claim)| Some((name.clone(), claims.get(claim).filter(|it| !it.is_null())?)));
    found.map(move |(name, value)| (name, text(value)))
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
