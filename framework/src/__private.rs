pub use linkme;
pub use serde;
pub use skyloom_manifest::{
    AmbiguousRoleResolution, AttributeDataType, AttributeType, AuthFlow, Capacity, Comparison, ContributorInsights,
    Devices, Endpoint, HttpMethod, Image, LogLevel, MatchType, MfaMethod, OAuthFlow, PasswordPolicy, PayloadFormat,
    Period, PointInTimeRecovery, PoolEventVersion, PoolTrigger, Quota, ResponseType, SignIn, StartingPosition,
    StreamView, TableClass, Throttle, Throughput, TimestampPrecision, TrafficShift, UsagePlan,
    bridge::{self, Application, BoxFuture, FunctionError},
};

pub use crate::{
    api::{ApiType, assert_auth, assert_cache, assert_http, assert_path, assert_rest, assert_timeout},
    argument::{FromEvent, Rejection, Trigger},
    auth::{PrincipalKind, user_of_authorizer, user_of_pool},
    http::RequestEvent,
    in_process::application,
    needs::Needs,
    registry::{
        APIS, ApiEntry, AttributeEntry, CacheEntry, Call, ClientEntry, CorsEntry, CustomAttributeEntry,
        DeploymentEntry, DestinationEntry, ENTITIES, EncryptionEntry, EntityEntry, EventInvoke, FunctionOptions,
        GatewayResponseEntry, GrantsEntry, GroupEntry, HANDLERS, Handler, HttpOptions, IDENTITY_POOLS, INTEGRATIONS,
        IdentityEntry, IdentityPoolEntry, IndexEntry, IndexOptions, IntegrationEntry, ItemEntry, KeyEntry, MfaEntry,
        PolicyEntry, ProjectionEntry, RestEntry, RuledRoleEntry, SECRETS, SOCKET_APIS, SecretEntry, SecretOrigin,
        SocketApiEntry, Source, StreamEntry, TABLES, TableEntry, TableOptions, TargetEntry, TriggerEntry, USER_POOLS,
        UserPoolEntry, UserPoolOptions,
    },
    registry::{
        IdentityProviderEntry, OAuthClientEntry, OAuthEntry, ResourceServerEntry, USER_POOL_CLIENTS,
        UserPoolClientEntry,
    },
    reply::Answer,
    run::main,
    scope::Scope,
    stream::filter::{self, FilterTerm, FilterTest},
    table::{
        Attribute, Collection, CollectionShape, Discriminator, Document, Entity, FieldType, FromItem, Index, IndexOf,
        Invertible, Item, ItemError, ItemOf, KeyPart, Kinds, Layout, LocalIndex, NoTtl, PartitionAndSort,
        PartitionOnly, Piece, SharedIndex, SharedTable, Side, StoredAs, Streamed, Template, TestTable, Ttl, TtlSeconds,
        TypeOf, UnknownType, Versioned, assert_another_name, assert_entity, assert_entity_ttl, assert_index,
        assert_part, assert_same_partition, assert_same_table, assert_streamed, assert_ttl, assert_unreserved,
        assert_version, entity_name, from_item, from_projected, from_stored, index_partition, index_sort, inverted,
        kind_of, kinds, not_in_collection, open_for_test, raw_sort, to_stored,
    },
};

/// What `call` of a handler returns.
pub type CallResult = Result<Answer, FunctionError>;

/// What identity pools allow.
pub mod identity {
    pub use crate::identity::{Allowed, Identity};
}
/// HTTP handlers: open the event, decode the arguments, then reply or reject.
pub mod http {
    pub use crate::http::{Http, open, reject, reply};
}
/// Whether a reply is sent as it comes.
pub mod streams {
    pub use crate::reply::streams::{KnownReply, Probe, UnknownReply};
}
/// What the types of HTTP handlers say of themselves.
pub mod openapi {
    pub use crate::openapi::probe::{Probe, describer, levels};
}
/// Values of secrets.
pub mod secret {
    pub use crate::secret::{Unreadable, of_json, redacted};
}
/// Stream handlers.
pub mod stream {
    pub use crate::stream::{
        StreamBatch, StreamRecord, batch_done, batch_reply, open, open_within, record_failed, record_reply, reject,
        table_of_changes, window_reply,
    };
}
/// Scheduled handlers.
pub mod schedule {
    pub use crate::schedule::{Schedule, open, reject, reply};
}
/// Handlers that are called by name.
pub mod invoke {
    pub use crate::invoke::{Invoke, open, reject, reply};
}
/// Hooks of deployments: run the checks and tell how they ended.
pub mod hook {
    pub use crate::hook::{Hook, conclude, open, reject, reply};
}
/// Routes of WebSocket APIs.
pub mod websocket {
    pub use crate::{
        auth::user_of_socket as user_of_authorizer,
        websocket::{
            Connects, SocketEvent, WebSocket, api, assert_requests, connected, connected_api, open, outcome, principal,
            reject, reply,
        },
    };
}
/// Handlers that user pools ask.
pub mod user_pool {
    pub use crate::user_pool::{
        OfPool,
        call::{conclude, open, reject, reply, version},
        on,
    };
}
/// Authorizers.
pub mod authorizer {
    pub use crate::auth::{Authorize, open, policy_reject, policy_reply, reject, reply};
}
