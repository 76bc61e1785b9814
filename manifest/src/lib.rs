//! An application as plain data.
//!
//! The application prints its [`Manifest`]; the template, the local runner and the checks are functions of it. The
//! crate knows no AWS SDK and no macro: everything else of Skyloom meets here.
//!
//! - [`rules`] are AWS's limits and grammars as functions without dependencies, used by the macros at compile time and
//!   by [`Manifest::validate`] again.
//! - [`bridge`] is how an application and what runs it talk: bytes in, bytes out.

pub mod rules;

#[cfg(feature = "data")]
mod api;
#[cfg(feature = "bridge")]
pub mod bridge;
#[cfg(feature = "data")]
mod function;
#[cfg(feature = "data")]
mod guards;
#[cfg(feature = "data")]
mod identity_pool;
#[cfg(feature = "data")]
mod integration;
#[cfg(feature = "data")]
mod manifest;
#[cfg(feature = "data")]
mod models;
#[cfg(feature = "data")]
mod operation;
#[cfg(feature = "data")]
mod permission;
#[cfg(feature = "data")]
mod resource_policy;
#[cfg(feature = "data")]
mod secret;
#[cfg(feature = "data")]
mod stream;
#[cfg(feature = "data")]
mod table;
#[cfg(feature = "data")]
mod user_pool;
#[cfg(feature = "data")]
mod validate;

#[cfg(feature = "data")]
pub use self::{
    api::{Api, ApiKind, Cors, Endpoint, Period, Quota, ResourcePolicy, RestApi, Throttle, UsagePlan, WebSocketApi},
    function::{
        Auth, Deployment, EventInvoke, Function, FunctionOptions, HttpMethod, HttpOptions, LogLevel, ParameterMapping,
        PayloadFormat, PoolEventVersion, PoolTrigger, SourceLocation, TrafficShift, Trigger,
    },
    guards::{AuthorizerOptions, GatewayResponse, Guards, IdentitySource, ResponseType, RouteCache},
    identity_pool::{AmbiguousRoleResolution, Grants, IdentityPool, MatchType, RuledRole},
    integration::{Integration, Target},
    manifest::{FORMAT_VERSION, Manifest, Route, SocketRoute},
    models::{Models, required_query},
    operation::{Body, Operation, Parameter, Place, Reply},
    permission::{Permission, Resource},
    secret::{Secret, SecretOrigin},
    stream::{
        Bound, Comparison, Destination, FilterKind, Image, StartingPosition, StreamFilter, StreamTrigger, Term, Test,
    },
    table::{
        AttributeType, Capacity, ContributorInsights, Encryption, Entity, Index, IndexOptions, ItemShape, KeyAttribute,
        KeyAttributes, KinesisDestination, PointInTimeRecovery, Projection, StoredType, StreamView, Table, TableClass,
        TableOptions, Throughput, TimestampPrecision,
    },
    user_pool::{
        AttributeDataType, AuthFlow, CustomAttribute, Devices, GroupOptions, IdentityProvider, Mfa, MfaMethod, OAuth,
        OAuthClient, OAuthFlow, PasswordPolicy, Recovery, ResourceServer, SignIn, UserPool, UserPoolClient,
    },
    validate::Problem,
};
