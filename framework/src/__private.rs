pub use linkme;
pub use serde;
pub use skyloom_manifest::{
    AttributeType, Comparison, HttpMethod, Image, SignIn, StartingPosition, StreamView,
    bridge::{self, Application, BoxFuture, FunctionError},
};

pub use crate::{
    api::ApiType,
    argument::{FromEvent, Rejection, Trigger},
    auth::{PrincipalKind, user_of_authorizer, user_of_pool},
    http::RequestEvent,
    in_process::application,
    needs::Needs,
    registry::{
        APIS, ApiEntry, Call, CorsEntry, DestinationEntry, HANDLERS, Handler, IndexEntry, KeyEntry, Source,
        StreamEntry, TABLES, TableEntry, TriggerEntry, USER_POOLS, UserPoolEntry,
    },
    reply::Answer,
    run::main,
    scope::Scope,
    stream::filter::{self, FilterTerm, FilterTest},
    table::{
        Attribute, FromItem, Index, Item, ItemError, PartitionAndSort, PartitionOnly, Streamed, TestTable, TtlSeconds,
        assert_streamed, assert_ttl, from_item, open_for_test,
    },
};

/// What `call` of a handler returns.
pub type CallResult = Result<Answer, FunctionError>;

/// HTTP handlers: open the event, decode the arguments, then reply or reject.
pub mod http {
    pub use crate::http::{Http, open, reject, reply};
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
/// Authorizers.
pub mod authorizer {
    pub use crate::auth::{Authorize, open, reject, reply};
}
