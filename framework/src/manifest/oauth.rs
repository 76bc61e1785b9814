//! Domains, clients and providers of user pools.

use std::collections::BTreeMap;

use skyloom_manifest::{IdentityProvider, Manifest, OAuth, OAuthClient, Problem, ResourceServer, SourceLocation};

use super::{location, strings};
use crate::registry::{IdentityProviderEntry, OAuthClientEntry, ResourceServerEntry, USER_POOL_CLIENTS, UserPoolEntry};

/// What a pool registered, with the clients that registered themselves for it.
pub(super) fn of(pool: &UserPoolEntry) -> OAuth {
    let own = pool.oauth.client.as_ref().map(|entry| client(pool.name, location(pool.source), entry));
    let others = USER_POOL_CLIENTS.iter().filter(|it| it.pool == pool.name);
    let others = others.map(|it| client(it.name, location(it.source), &it.client));
    OAuth {
        domain: pool.oauth.domain.map(str::to_owned),
        clients: own.into_iter().chain(others).collect(),
        resource_servers: pool.oauth.resource_servers.iter().map(resource_server).collect(),
        identity_providers: pool.oauth.identity_providers.iter().map(identity_provider).collect(),
    }
}

/// A client whose pool is of another crate, which the application does not link, would be silently lost.
pub(super) fn without_pool(manifest: &Manifest) -> Vec<Problem> {
    let lost = USER_POOL_CLIENTS.iter().filter(|it| manifest.user_pool(it.pool).is_none());
    lost.map(|it| {
        let message = format!("it is a client of the user pool `{}`, which the application does not have", it.pool);
        Problem { subject: Some(it.name.into()), source: Some(location(it.source)), message }
    })
    .collect()
}

fn client(name: &str, source: SourceLocation, entry: &OAuthClientEntry) -> OAuthClient {
    OAuthClient {
        name: name.into(),
        source,
        flows: entry.flows.to_vec(),
        scopes: strings(entry.scopes),
        callbacks: strings(entry.callbacks),
        logouts: strings(entry.logouts),
        secret: entry.secret,
    }
}

fn resource_server(entry: &ResourceServerEntry) -> ResourceServer {
    ResourceServer { identifier: entry.identifier.into(), scopes: strings(entry.scopes) }
}

fn identity_provider(entry: &IdentityProviderEntry) -> IdentityProvider {
    let attributes = entry.attributes.iter().map(|(name, claim)| ((*name).to_owned(), (*claim).to_owned()));
    let scopes = if entry.scopes.is_empty() { vec!["openid".to_owned()] } else { strings(entry.scopes) };
    IdentityProvider {
        name: entry.name.into(),
        issuer: entry.issuer.into(),
        client_id: entry.client_id.into(),
        client_secret: entry.client_secret.into(),
        scopes,
        attributes: attributes.collect::<BTreeMap<_, _>>(),
    }
}
