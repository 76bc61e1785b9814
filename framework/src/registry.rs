//! What the macros register. Every entry is a `static`, so that nothing runs before `main`.

mod api;
mod function_options;
mod guards;
mod identity_pool;
mod integration;
mod item;
mod oauth;
mod options;
mod secret;
mod table;
mod trigger;
mod user_pool;

use linkme::distributed_slice;
use skyloom_manifest::bridge::{BoxFuture, FunctionError};

pub use self::{
    api::{ApiEntry, CorsEntry, PolicyEntry, RestEntry, SocketApiEntry},
    function_options::{DeploymentEntry, EventInvoke, FunctionOptions, HttpOptions},
    guards::{CacheEntry, GatewayResponseEntry, IdentityEntry},
    identity_pool::{GrantsEntry, IdentityPoolEntry, RuledRoleEntry},
    integration::{IntegrationEntry, TargetEntry},
    item::{AttributeEntry, ItemEntry},
    oauth::{
        IdentityProviderEntry, OAuthClientEntry, OAuthEntry, ResourceServerEntry, USER_POOL_CLIENTS,
        UserPoolClientEntry,
    },
    options::{EncryptionEntry, IndexOptions, TableOptions},
    secret::{SecretEntry, SecretOrigin},
    table::{EntityEntry, IndexEntry, KeyEntry, ProjectionEntry, TableEntry},
    trigger::{DestinationEntry, StreamEntry, TriggerEntry},
    user_pool::{ClientEntry, CustomAttributeEntry, GroupEntry, MfaEntry, UserPoolEntry, UserPoolOptions},
};
use crate::{Needs, Scope, reply::Answer};

/// All handlers that are linked in.
#[distributed_slice]
pub static HANDLERS: [Handler];
/// All tables that are linked in.
#[distributed_slice]
pub static TABLES: [TableEntry];
/// All entities of shared tables that are linked in.
#[distributed_slice]
pub static ENTITIES: [EntityEntry];
/// All user pools that are linked in.
#[distributed_slice]
pub static USER_POOLS: [UserPoolEntry];
/// All APIs that are linked in.
#[distributed_slice]
pub static APIS: [ApiEntry];
/// All identity pools that are linked in.
#[distributed_slice]
pub static IDENTITY_POOLS: [IdentityPoolEntry];
/// All secrets that are linked in.
#[distributed_slice]
pub static SECRETS: [SecretEntry];
/// All WebSocket APIs that are linked in.
#[distributed_slice]
pub static SOCKET_APIS: [SocketApiEntry];
/// All routes without a function that are linked in.
#[distributed_slice]
pub static INTEGRATIONS: [IntegrationEntry];

/// Runs a handler on an event.
pub type Call = for<'a> fn(&'a [u8], &'a Scope) -> BoxFuture<'a, Result<Answer, FunctionError>>;

/// A place in the source.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    pub file: &'static str,
    pub line: u32,
}

impl Source {
    /// Where this call stands. The macros give it the span of the user's name; `line!()` would be that of the attribute. What is
    /// deployed has no line, so that a comment above a handler does not make it another program: the tools ask a debug build.
    #[track_caller]
    pub const fn here() -> Self {
        let place = std::panic::Location::caller();
        Self { file: place.file(), line: if cfg!(debug_assertions) { place.line() } else { 0 } }
    }
}

/// A `#[handler]`.
#[derive(Debug)]
pub struct Handler {
    pub name: &'static str,
    /// The doc comment, its lines joined by `\n`; empty without one.
    pub description: &'static str,
    pub source: Source,
    pub trigger: TriggerEntry,
    pub memory: Option<u32>,
    /// Seconds.
    pub timeout: Option<u32>,
    pub concurrency: Option<u32>,
    pub options: FunctionOptions,
    /// `allow("action", "resource")`.
    pub allow: &'static [(&'static str, &'static str)],
    pub needs: Needs,
    pub call: Call,
}

impl Handler {
    /// Whether it answers a request, and sends the reply as it comes.
    pub(crate) fn streams(&self) -> bool {
        match self.trigger {
            TriggerEntry::Http { streams, .. } | TriggerEntry::Url { streams, .. } => streams(),
            _ => false,
        }
    }
}
