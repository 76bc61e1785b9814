//! The claims of tokens, as a function wants them.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use skyloom_manifest::{PoolEventVersion, PoolTrigger};

use super::{
    Refusal,
    event::{Asks, Question, Source, about, known},
};
use crate::cognito::{Context, error::Error, pool::Pool, token::Claims, user::User};

/// What Cognito says of a token itself; a function cannot change it, and is not told that it did not.
const OWN: [&str; 18] = [
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "cognito:username",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
    "cognito:groups",
];
/// The same of an access token alone.
const OWN_OF_ACCESS: [&str; 5] = ["client_id", "device_key", "event_id", "scope", "username"];

/// The claims after the pool's function, if it has one, was asked.
pub(in crate::cognito) fn customized(
    pool: &Pool,
    context: &Context<'_>,
    user: &User,
    mut claims: Claims,
) -> Result<Claims, Error> {
    let asked = pool.triggers.0.get(&PoolTrigger::PreTokenGeneration);
    let Some(asked) = asked.filter(|_| !context.caller.throws_tokens_away()) else { return Ok(claims) };
    let scopes: Vec<&str> = claims.access.get("scope").and_then(Value::as_str).unwrap_or_default().split(' ').collect();
    let mut request = about(&known(user));
    let groups = claims.id.get("cognito:groups").cloned().unwrap_or_else(|| json!([]));
    let roles = claims.id.get("cognito:roles").cloned().unwrap_or_else(|| json!([]));
    let preferred = claims.id.get("cognito:preferred_role").cloned();
    request.insert(
        "groupConfiguration".into(),
        json!({"groupsToOverride": groups, "iamRolesToOverride": roles, "preferredRole": preferred}),
    );
    let details = match asked.version {
        PoolEventVersion::V1 => "claimsOverrideDetails",
        PoolEventVersion::V2 => {
            request.insert("scopes".into(), json!(scopes));
            "claimsAndScopeOverrideDetails"
        }
    };
    context.caller.add_metadata(&mut request);
    let asks = Asks { username: &user.username, request, response: json!({details: null}) };
    let mut answer = context.ask(Question::new(
        pool,
        asked,
        context.caller,
        Source::TokenGeneration(context.caller.wants_tokens()),
        asks,
    ))?;
    let unrecognizable = |_| Error::Trigger(Refusal::Unrecognizable);
    match (answer.remove(details).unwrap_or_default(), asked.version) {
        (Value::Null, _) => {}
        (details, PoolEventVersion::V1) => {
            let First { id, groups } = serde_json::from_value(details).map_err(unrecognizable)?;
            id.apply(&mut claims.id, &[]);
            regroup(groups, &mut claims);
        }
        (details, PoolEventVersion::V2) => {
            let Second { id, access, groups } = serde_json::from_value(details).map_err(unrecognizable)?;
            id.apply(&mut claims.id, &[]);
            access.rescope(&mut claims.access);
            access.apply(&mut claims.access, &OWN_OF_ACCESS);
            regroup(groups, &mut claims);
        }
    }
    Ok(claims)
}

#[derive(Deserialize)]
struct First {
    /// The first version of the event has texts alone.
    #[serde(flatten)]
    id: Changes<String>,
    #[serde(rename = "groupOverrideDetails", default, deserialize_with = "given")]
    groups: Option<Groups>,
}

#[derive(Deserialize)]
struct Second {
    #[serde(rename = "idTokenGeneration", default, deserialize_with = "or_none")]
    id: Changes<Value>,
    #[serde(rename = "accessTokenGeneration", default, deserialize_with = "or_none")]
    access: Changes<Value>,
    #[serde(rename = "groupOverrideDetails", default, deserialize_with = "given")]
    groups: Option<Groups>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "V: Default + Deserialize<'de>"))]
struct Changes<V> {
    #[serde(deserialize_with = "or_none")]
    claims_to_add_or_override: BTreeMap<String, V>,
    #[serde(deserialize_with = "or_none")]
    claims_to_suppress: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    scopes_to_add: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    scopes_to_suppress: Vec<String>,
}

impl<V: Into<Value>> Changes<V> {
    /// What is both added and suppressed is suppressed.
    fn apply(self, claims: &mut Map<String, Value>, own: &[&str]) {
        let is_own = |name: &str| OWN.contains(&name) || own.contains(&name) || name.starts_with("dev:");
        let added = self.claims_to_add_or_override.into_iter().filter(|(name, _)| !is_own(name));
        claims.extend(added.map(|(name, value)| (name, value.into())));
        claims.retain(|name, _| is_own(name) || !self.claims_to_suppress.contains(name));
    }

    fn rescope(&self, claims: &mut Map<String, Value>) {
        let text = claims.get("scope").and_then(Value::as_str).unwrap_or_default();
        let before = text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned);
        let mut seen = BTreeSet::new();
        let all = before.chain(self.scopes_to_add.iter().cloned());
        let all: Vec<_> =
            all.filter(|scope| !self.scopes_to_suppress.contains(scope) && seen.insert(scope.clone())).collect();
        claims.insert("scope".into(), all.join(" ").into());
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Groups {
    #[serde(deserialize_with = "or_none")]
    groups_to_override: Vec<String>,
    #[serde(deserialize_with = "or_none")]
    iam_roles_to_override: Vec<String>,
    preferred_role: Option<String>,
}

/// Both tokens name the groups; only the ID token their roles. Details that are there and empty suppress them.
fn regroup(groups: Option<Groups>, claims: &mut Claims) {
    let Some(Groups { groups_to_override: groups, iam_roles_to_override: roles, preferred_role }) = groups else {
        return;
    };
    let preferred = preferred_role.map(Value::from);
    set(&mut claims.access, "cognito:groups", (!groups.is_empty()).then(|| json!(groups)));
    set(&mut claims.id, "cognito:groups", (!groups.is_empty()).then(|| json!(groups)));
    set(&mut claims.id, "cognito:roles", (!roles.is_empty()).then(|| json!(roles)));
    set(&mut claims.id, "cognito:preferred_role", preferred);
}

fn set(claims: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => _ = claims.insert(name.into(), value),
        None => _ = claims.remove(name),
    }
}

fn or_none<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// What is there, be it `null`, is other than what is not.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Groups>, D::Error> {
    or_none(deserializer).map(Some)
}
