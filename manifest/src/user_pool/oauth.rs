use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::SourceLocation;

/// What a user pool has of OAuth 2.0: a domain with a sign-in page, clients, scopes, and providers whose users may sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OAuth {
    /// The first part of the domain's name, unique in the region among all accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The clients that use it, by name; the pool's own client has the pool's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<OAuthClient>,
    /// The APIs whose scopes tokens can have, by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_servers: Vec<ResourceServer>,
    /// Who else knows users, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity_providers: Vec<IdentityProvider>,
}

impl OAuth {
    /// Whether the pool has nothing of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The client of that name.
    pub fn client(&self, name: &str) -> Option<&OAuthClient> {
        self.clients.iter().find(|client| client.name == name)
    }

    /// The scopes of all resource servers, as a token has them: `orders/read`.
    pub fn custom_scopes(&self) -> impl Iterator<Item = String> {
        self.resource_servers
            .iter()
            .flat_map(|server| server.scopes.iter().map(|scope| format!("{}/{scope}", server.identifier)))
    }

    pub(crate) fn sort(&mut self) {
        self.clients.sort_by(|a, b| a.name.cmp(&b.name));
        self.resource_servers.sort_by(|a, b| a.identifier.cmp(&b.identifier));
        self.identity_providers.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

/// A client of a user pool as OAuth 2.0 knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OAuthClient {
    /// The struct's name, unique in the application; that of the pool for the pool's own client.
    pub name: String,
    /// Where it is written.
    pub source: SourceLocation,
    /// How it may come to tokens.
    pub flows: Vec<OAuthFlow>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// Where the sign-in page may send a browser back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<String>,
    /// Where a browser may be sent to that has signed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logouts: Vec<String>,
    /// Whether it has a secret, because it runs where nobody can read one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// How a client comes to tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OAuthFlow {
    /// The sign-in page gives a code, which the client exchanges.
    Code,
    /// The sign-in page gives the tokens themselves.
    Implicit,
    /// The client is no person's: it shows its secret.
    ClientCredentials,
}

impl OAuthFlow {
    /// Cognito's name for it.
    pub fn as_cognito(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Implicit => "implicit",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// An API whose scopes tokens can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ResourceServer {
    /// What its scopes begin with.
    pub identifier: String,
    /// The scopes' names without the identifier.
    pub scopes: Vec<String>,
}

/// An OpenID Connect provider whose users may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IdentityProvider {
    /// Its name on the sign-in page; usernames of its users begin with it.
    pub name: String,
    /// Where it says how it works: `{issuer}/.well-known/openid-configuration`.
    pub issuer: String,
    /// The id that it gave the pool as its client.
    pub client_id: String,
    /// The application's secret that has the client's secret.
    pub client_secret: String,
    /// The scopes to ask it for.
    pub scopes: Vec<String>,
    /// The pool's attribute, and the provider's claim that it is taken from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}
