//! What makes a handler run.

use skyloom_manifest::{HttpMethod, PayloadFormat, PoolEventVersion, PoolTrigger, StartingPosition, Throttle};

use super::{CacheEntry, CorsEntry, IdentityEntry};
use crate::{
    auth::PrincipalKind,
    openapi::Describer,
    stream::{entities::Entities, filter::FilterTerm},
};

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
        token_header: Option<&'static str>,
        payload: PayloadFormat,
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
        throttle: Option<Throttle>,
    },
    UserPool {
        pool: &'static str,
        on: PoolTrigger,
        version: PoolEventVersion,
    },
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
