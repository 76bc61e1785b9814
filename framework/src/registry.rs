//! What the macros register. Every entry is a `static`, so that nothing runs before `main`.

mod function_options;
mod guards;
mod integration;
mod item;
mod oauth;
mod options;
mod user_pool;

use linkme::distributed_slice;
use skyloom_manifest::{
    AmbiguousRoleResolution, AttributeType, Endpoint, HttpMethod, MatchType, PoolEventVersion, PoolTrigger, SignIn,
    StartingPosition, StreamView, Throttle, UsagePlan,
    bridge::{BoxFuture, FunctionError},
};

pub use self::{
    function_options::{DeploymentEntry, EventInvoke, FunctionOptions, HttpOptions},
    guards::{CacheEntry, GatewayResponseEntry, IdentityEntry},
    integration::{IntegrationEntry, TargetEntry},
    item::{AttributeEntry, ItemEntry},
    oauth::{
        IdentityProviderEntry, OAuthClientEntry, OAuthEntry, ResourceServerEntry, USER_POOL_CLIENTS,
        UserPoolClientEntry,
    },
    options::{EncryptionEntry, IndexOptions, TableOptions},
    user_pool::{ClientEntry, GroupEntry, MfaEntry, UserPoolOptions},
};
use crate::{
    Needs, Scope, Table,
    auth::PrincipalKind,
    openapi::Describer,
    reply::Answer,
    stream::{entities::Entities, filter::FilterTerm},
    table::{Entity, Index, IndexOf, KeyParts, KeyShape, SharedIndex, SharedTable, Side, entity_name, inverted},
};

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

/// What makes a handler run.
#[derive(Debug)]
pub enum TriggerEntry {
    Http {
        method: HttpMethod,
        path: &'static str,
        auth: PrincipalKind,
        scopes: &'static [&'static str],
        groups: &'static [&'static str],
        /// The name of the API type, if the handler names one.
        api: Option<&'static str>,
        /// Says what its types say of themselves; not there without debug assertions.
        operation: Option<Describer>,
        /// Whether the reply is sent as it comes.
        streams: fn() -> bool,
        throttle: Option<Throttle>,
        cache: Option<CacheEntry>,
    },
    Stream(StreamEntry),
    Schedule {
        expression: &'static str,
    },
    Authorizer {
        principal: &'static str,
        /// Seconds.
        cache: u32,
        /// What says who calls, where it is not the bearer token alone.
        identity: Option<&'static [IdentityEntry]>,
        validation: Option<&'static str>,
        policy: bool,
    },
    Invoke,
    Hook,
    Url {
        auth: PrincipalKind,
        cors: Option<CorsEntry>,
        /// Whether the reply is sent as it comes.
        streams: fn() -> bool,
    },
    WebSocket {
        /// The name of the API type.
        api: &'static str,
        route: &'static str,
        /// Who may connect, of `$connect`.
        auth: Option<PrincipalKind>,
        /// Whether what the handler returns is sent on the connection.
        replies: bool,
    },
    UserPool {
        pool: &'static str,
        on: PoolTrigger,
        version: PoolEventVersion,
    },
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

/// A `#[derive(IdentityPool)]`.
#[derive(Debug)]
pub struct IdentityPoolEntry {
    pub name: &'static str,
    pub source: Source,
    pub providers: &'static [&'static str],
    pub authenticated: GrantsEntry,
    pub unauthenticated: Option<GrantsEntry>,
    pub roles: &'static [RuledRoleEntry],
    pub classic_flow: bool,
    pub ambiguous_role_resolution: AmbiguousRoleResolution,
}

/// What a role of an identity pool may do.
#[derive(Debug)]
pub struct GrantsEntry {
    pub needs: Needs,
    /// The names of functions.
    pub routes: &'static [&'static str],
}

/// A role of those whose token fits a rule.
#[derive(Debug)]
pub struct RuledRoleEntry {
    pub name: &'static str,
    pub claim: &'static str,
    pub match_type: MatchType,
    pub value: &'static str,
    pub grants: GrantsEntry,
}

/// `policy(…)` of a REST API.
#[derive(Debug)]
pub struct PolicyEntry {
    pub allow_ips: &'static [&'static str],
    pub deny_ips: &'static [&'static str],
}

/// `stream = T` and its options.
#[derive(Debug)]
pub struct StreamEntry {
    pub table: &'static str,
    /// The entities that the handler takes, if several share the table.
    pub entities: Option<Entities>,
    pub batch_size: Option<u32>,
    pub batch_window: Option<u32>,
    pub starting_position: StartingPosition,
    pub retries: Option<u32>,
    pub max_record_age: Option<u32>,
    pub bisect: bool,
    pub parallelization: Option<u32>,
    pub tumbling_window: Option<u32>,
    pub on_failure: Option<DestinationEntry>,
    pub filters: &'static [&'static [FilterTerm]],
}

/// `on_failure = …`: the name of what the application has made, or an ARN.
#[derive(Clone, Copy, Debug)]
pub enum DestinationEntry {
    Queue(&'static str),
    Topic(&'static str),
    Bucket(&'static str),
    Function(&'static str),
    Arn(&'static str),
}

/// A `#[derive(Table)]`.
#[derive(Debug)]
pub struct TableEntry {
    pub name: &'static str,
    pub source: Source,
    pub partition_key: KeyEntry,
    pub sort_key: Option<KeyEntry>,
    pub indexes: &'static [IndexEntry],
    pub stream: Option<StreamView>,
    pub ttl: Option<&'static str>,
    /// The attribute that says which entity an item is, of a table that entities share.
    pub discriminator: Option<&'static str>,
    /// What is known of its items.
    pub item: Option<ItemEntry>,
    pub options: TableOptions,
}

impl TableEntry {
    /// What the type says of itself. That a field cannot be a key is an error where the type says so, and not again here.
    pub const fn of<T: Table>(
        source: Source,
        indexes: &'static [IndexEntry],
        stream: Option<StreamView>,
        ttl: Option<&'static str>,
    ) -> Self {
        let (partition_key, sort_key) = KeyEntry::both::<T::Shape>(T::PARTITION, T::SORT);
        Self {
            name: T::NAME,
            source,
            partition_key,
            sort_key,
            indexes,
            stream,
            ttl,
            discriminator: None,
            item: None,
            options: TableOptions::DEFAULT,
        }
    }
}

impl TableEntry {
    /// A table that entities share.
    pub const fn of_shared<T: SharedTable>(
        source: Source,
        indexes: &'static [IndexEntry],
        stream: Option<StreamView>,
        ttl: Option<&'static str>,
    ) -> Self {
        Self {
            name: T::NAME,
            source,
            partition_key: KeyEntry::text(T::PARTITION_KEY),
            sort_key: Some(KeyEntry::text(T::SORT_KEY)),
            indexes,
            stream,
            ttl,
            discriminator: Some(T::DISCRIMINATOR),
            item: None,
            options: TableOptions::DEFAULT,
        }
    }

    /// The same, of whose items this is known.
    #[must_use]
    pub const fn with_item(self, item: ItemEntry) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The same, run in another way.
    #[must_use]
    pub const fn with_options(self, options: TableOptions) -> Self {
        Self { options, ..self }
    }
}

impl IndexEntry {
    /// An index of a table that entities share.
    pub const fn of_shared<I: SharedIndex>() -> Self {
        let sort_key = match I::SORT_KEY {
            Some(attribute) => Some(KeyEntry::text(attribute)),
            None => None,
        };
        let (partition_key, projection) = (KeyEntry::text(I::PARTITION_KEY), ProjectionEntry::All);
        Self { name: I::NAME, partition_key, sort_key, projection, local: I::LOCAL, options: IndexOptions::DEFAULT }
    }
}

/// A `#[derive(Entity)]`.
#[derive(Debug)]
pub struct EntityEntry {
    /// What the discriminator says.
    pub kind: &'static str,
    pub table: &'static str,
    pub source: Source,
    pub partition: Side,
    pub sort: Side,
    /// What is known of its items.
    pub item: Option<ItemEntry>,
}

impl EntityEntry {
    /// What the type says of itself.
    pub const fn of<E: Entity>(source: Source) -> Self {
        let kind = entity_name::<E>();
        let (partition, sort) = (E::PARTITION, inverted::<E>());
        Self { kind, table: E::NAME, source, partition, sort, item: None }
    }

    /// The same, of whose items this is known.
    #[must_use]
    pub const fn with_item(self, item: ItemEntry) -> Self {
        Self { item: Some(item), ..self }
    }
}

impl IndexEntry {
    /// What the type says of itself.
    pub const fn of<I: IndexOf<<I as Index>::Item>>(projection: ProjectionEntry) -> Self {
        let (partition_key, sort_key) = KeyEntry::both::<I::Shape>(I::PARTITION, I::SORT);
        Self { name: I::NAME, partition_key, sort_key, projection, local: I::LOCAL, options: IndexOptions::DEFAULT }
    }

    /// The same, run in another way.
    #[must_use]
    pub const fn with_options(self, options: IndexOptions) -> Self {
        Self { options, ..self }
    }
}

impl KeyEntry {
    const fn both<S: KeyShape>(partition: Side, sort: Option<Side>) -> (Self, Option<Self>) {
        let partition = Self { side: partition, types: <S::Partition as KeyParts>::TYPES };
        match sort {
            Some(side) => (partition, Some(Self { side, types: S::SORT_TYPES })),
            None => (partition, None),
        }
    }

    const fn text(attribute: &'static str) -> Self {
        Self { side: Side::Attribute(attribute), types: &[AttributeType::S] }
    }

    /// The one attribute of a table's key, and its type.
    pub(crate) fn column(&self) -> (&'static str, AttributeType) {
        (self.side.name(), self.side.kind(self.types))
    }

    /// Its attributes and their types.
    pub(crate) fn columns(&self) -> Vec<(&'static str, AttributeType)> {
        self.side.columns(self.types)
    }
}

/// One side of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyEntry {
    pub side: Side,
    pub types: &'static [AttributeType],
}

/// An `#[index(…)]`.
#[derive(Debug)]
pub struct IndexEntry {
    pub name: &'static str,
    pub partition_key: KeyEntry,
    pub sort_key: Option<KeyEntry>,
    pub projection: ProjectionEntry,
    pub local: bool,
    pub options: IndexOptions,
}

/// `projection = …` of an index.
#[derive(Clone, Copy, Debug)]
pub enum ProjectionEntry {
    All,
    KeysOnly,
    Include(&'static [&'static str]),
}

/// A `#[derive(UserPool)]`.
#[derive(Debug)]
pub struct UserPoolEntry {
    pub name: &'static str,
    pub source: Source,
    pub sign_in: SignIn,
    pub self_sign_up: bool,
    pub groups: &'static [&'static str],
    pub options: UserPoolOptions,
    pub oauth: OAuthEntry,
}

/// A `#[derive(Secret)]`.
#[derive(Debug)]
pub struct SecretEntry {
    pub name: &'static str,
    /// The doc comment; empty without one.
    pub description: &'static str,
    pub source: Source,
    pub origin: SecretOrigin,
}

/// Who makes a secret and its value.
#[derive(Clone, Copy, Debug)]
pub enum SecretOrigin {
    Existing(&'static str),
    Empty,
    Generated { length: u32, punctuation: bool },
}

/// A `#[derive(Api)]`.
#[derive(Debug)]
pub struct ApiEntry {
    pub name: &'static str,
    pub source: Source,
    /// Whether it says that it is the default.
    pub default: bool,
    /// What only a REST API has; nothing for an HTTP API.
    pub rest: Option<RestEntry>,
    pub cors: Option<CorsEntry>,
    /// Stage variables.
    pub variables: &'static [(&'static str, &'static str)],
    pub throttle: Option<Throttle>,
}

/// A `#[derive(Api)]` with `#[api(websocket)]`.
#[derive(Debug)]
pub struct SocketApiEntry {
    pub name: &'static str,
    pub source: Source,
    /// Which part of a message names its route.
    pub route_selection: &'static str,
}

/// `#[api(rest, …)]`
#[derive(Debug)]
pub struct RestEntry {
    pub endpoint: Endpoint,
    pub binary_media_types: &'static [&'static str],
    pub minimum_compression: Option<u32>,
    pub validate: bool,
    pub usage_plan: Option<UsagePlan>,
    /// GB.
    pub cache_size: Option<&'static str>,
    pub gateway_responses: &'static [GatewayResponseEntry],
    pub policy: Option<PolicyEntry>,
}

/// `cors(…)` of an API.
#[derive(Debug)]
pub struct CorsEntry {
    pub origins: &'static [&'static str],
    pub methods: &'static [&'static str],
    pub headers: &'static [&'static str],
    pub expose: &'static [&'static str],
    pub credentials: bool,
    /// Seconds.
    pub max_age: Option<u32>,
}
