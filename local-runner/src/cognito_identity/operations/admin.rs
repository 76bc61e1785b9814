//! What the account's owner asks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::credentials::seconds;
use crate::cognito_identity::{Around, CognitoIdentities, Error, Identity, pool::Pool};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OfIdentity {
    identity_id: String,
}

pub(super) fn describe_identity(pools: &CognitoIdentities, input: OfIdentity) -> Result<Value, Error> {
    let OfIdentity { identity_id } = input;
    let identity = pools.identities().get(&identity_id).cloned();
    identity.map(|it| described(&identity_id, &it)).ok_or(Error::IdentityNotFound(identity_id))
}

fn described(id: &str, identity: &Identity) -> Value {
    let logins: Vec<_> = identity.logins.keys().collect();
    json!({
        "IdentityId": id,
        "Logins": logins,
        "CreationDate": seconds(identity.created),
        "LastModifiedDate": seconds(identity.modified),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListIdentities {
    identity_pool_id: String,
    max_results: usize,
    /// The id after which the page begins.
    next_token: Option<String>,
    #[serde(default, rename = "HideDisabled")]
    _hide_disabled: bool,
}

pub(super) fn list_identities(pools: &CognitoIdentities, input: ListIdentities) -> Result<Value, Error> {
    let pool = pools.pool(&input.identity_pool_id)?;
    let limit = page_size(input.max_results)?;
    let identities = pools.identities();
    let after = |id: &&String| input.next_token.as_ref().is_none_or(|token| *id > token);
    let mut of_pool = identities.iter().filter(|(id, identity)| identity.pool == pool.id && after(id));
    let page: Vec<_> = of_pool.by_ref().take(limit).collect();
    let next = of_pool.next().and(page.last()).map(|(id, _)| (*id).clone());
    let page: Vec<_> = page.into_iter().map(|(id, identity)| described(id, identity)).collect();
    let mut output = json!({ "IdentityPoolId": pool.id, "Identities": page });
    if let Some(next) = next {
        output["NextToken"] = next.into();
    }
    Ok(output)
}

fn page_size(wanted: usize) -> Result<usize, Error> {
    if (1..=60).contains(&wanted) {
        return Ok(wanted);
    }
    Err(Error::Validation(format!(
        "1 validation error detected: Value '{wanted}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 60"
    )))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeleteIdentities {
    identity_ids_to_delete: Vec<String>,
}

pub(super) fn delete_identities(pools: &CognitoIdentities, input: DeleteIdentities) -> Result<Value, Error> {
    let mut identities = pools.identities();
    input.identity_ids_to_delete.iter().for_each(|id| _ = identities.remove(id));
    Ok(json!({ "UnprocessedIdentityIds": [] }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OfPool {
    pub(super) identity_pool_id: String,
}

pub(super) fn describe_identity_pool(
    pools: &CognitoIdentities,
    around: &dyn Around,
    input: OfPool,
) -> Result<Value, Error> {
    let pool = pools.pool(&input.identity_pool_id)?;
    let provider = |name: &String| {
        let (provider, client) = (around.provider(name)?, around.client(name)?);
        Some(json!({ "ProviderName": provider, "ClientId": client, "ServerSideTokenCheck": true }))
    };
    let providers: Vec<_> = pool.declared.providers.iter().filter_map(provider).collect();
    Ok(json!({
        "IdentityPoolId": pool.id,
        "IdentityPoolName": pool.declared.name,
        "AllowUnauthenticatedIdentities": pool.has_guests(),
        "AllowClassicFlow": pool.declared.classic_flow,
        "CognitoIdentityProviders": providers,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListPools {
    max_results: usize,
    #[serde(rename = "NextToken")]
    _next_token: Option<String>,
}

/// An application has so few pools that all are on one page.
pub(super) fn list_identity_pools(pools: &CognitoIdentities, input: ListPools) -> Result<Value, Error> {
    page_size(input.max_results)?;
    let described = |pool: &Pool| json!({ "IdentityPoolId": pool.id, "IdentityPoolName": pool.declared.name });
    Ok(json!({ "IdentityPools": pools.pools().iter().map(described).collect::<Vec<_>>() }))
}
