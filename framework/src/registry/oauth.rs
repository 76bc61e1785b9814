use linkme::distributed_slice;
use skyloom_manifest::OAuthFlow;

use super::Source;

/// All clients of pools, beside the pools' own, that are linked in.
#[distributed_slice]
pub static USER_POOL_CLIENTS: [UserPoolClientEntry];

/// What a pool has of OAuth 2.0.
#[derive(Debug)]
pub struct OAuthEntry {
    pub domain: Option<&'static str>,
    /// What the pool's own client may.
    pub client: Option<OAuthClientEntry>,
    pub resource_servers: &'static [ResourceServerEntry],
    pub identity_providers: &'static [IdentityProviderEntry],
}

impl OAuthEntry {
    /// A pool that has nothing of it.
    pub const NONE: Self = Self { domain: None, client: None, resource_servers: &[], identity_providers: &[] };
}

/// What a client may.
#[derive(Debug)]
pub struct OAuthClientEntry {
    pub flows: &'static [OAuthFlow],
    pub scopes: &'static [&'static str],
    pub callbacks: &'static [&'static str],
    pub logouts: &'static [&'static str],
    pub secret: bool,
}

/// A `#[resource_server(…)]`.
#[derive(Debug)]
pub struct ResourceServerEntry {
    pub identifier: &'static str,
    pub scopes: &'static [&'static str],
}

/// An `#[identity_provider(…)]`.
#[derive(Debug)]
pub struct IdentityProviderEntry {
    pub name: &'static str,
    pub issuer: &'static str,
    pub client_id: &'static str,
    /// The name of the application's secret.
    pub client_secret: &'static str,
    pub scopes: &'static [&'static str],
    /// The pool's attribute, and the provider's claim.
    pub attributes: &'static [(&'static str, &'static str)],
}

/// A `#[derive(UserPoolClient)]`.
#[derive(Debug)]
pub struct UserPoolClientEntry {
    pub name: &'static str,
    pub source: Source,
    pub pool: &'static str,
    pub client: OAuthClientEntry,
}
