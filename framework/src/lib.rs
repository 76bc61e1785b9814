//! Serverless applications on AWS from annotated functions and structs.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use skyloom::{Error, Json, Path, Public, Read, Table, handler};
//!
//! #[derive(Table, Serialize, Deserialize)]
//! pub struct Note {
//!     #[partition_key]
//!     pub id: String,
//!     pub text: String,
//! }
//!
//! /// Reads a note.
//! #[handler(GET "/notes/{id}", auth = Public)]
//! async fn get_note(Path(id): Path<String>, notes: Read<Note>) -> Result<Json<Note>, Error> {
//!     notes.get(&id).await?.map(Json).ok_or_else(|| Error::not_found("no such note"))
//! }
//! # fn main() {}
//! ```
//!
//! From these annotations alone come a Lambda function, a DynamoDB table, a route, and a policy that lets this function
//! read this table and nothing else.

mod api;
mod argument;
mod auth;
mod aws;
mod clock;
mod context;
mod error;
mod hook;
mod http;
mod identity;
mod in_process;
mod invoke;
mod lambda;
mod log;
mod manifest;
mod needs;
pub mod openapi;
mod payload_format;
#[expect(missing_docs, reason = "only the macros write these; the fields are those of the manifest")]
mod registry;
mod reply;
mod run;
mod schedule;
mod scope;
mod secret;
mod stream;
pub mod table;
mod text;
pub mod user_pool;
mod websocket;

pub use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
pub use ::lambda_runtime::tower;
pub use ::tracing;
pub use bytes::Bytes;
#[doc(inline)]
pub use skyloom_macros::{
    Api, Collection, Document, Entity, IdentityPool, Key, Route, Secret, Table, UserPool, UserPoolClient, handler, main,
};

pub use self::{
    argument::{FromEvent, Rejection, Trigger},
    auth::{ApiKey, AuthorizationToken, BearerToken, CognitoIdentity, Iam, Policy, Principal, Public, Unauthorized},
    context::Context,
    error::Error,
    hook::Deployment,
    http::{Form, Header, Json, Path, Query, RequestContext, RequestEvent},
    identity::Own,
    needs::{Action, Needs},
    reply::{BodyWriter, Created, Html, NoContent, Reply, Response, ServerSentEvent, Streamed},
    scope::Scope,
    secret::{Secret, SecretValue},
    stream::{Change, ChangeRecord, Window},
    table::{
        Collection, Document, Entity, Key, Read, ReadCollection, ReadIndex, Scan, Table, Transact, TransactRead, Write,
    },
    websocket::{Connection, ConnectionContext, Disconnected, SendError, Sender, Subprotocol},
};

/// The tokens that mark which kind of event a handler takes, those events, and what handlers without a caller return.
pub mod trigger {
    pub use crate::{
        auth::{Authorize, AuthorizerEvent},
        hook::{Hook, HookEvent},
        http::Http,
        invoke::{Invoke, InvokeReply},
        schedule::{Outcome, Schedule},
        stream::{Batch, BatchOutcome, Record, StreamBatch, StreamRecord, WindowOutcome},
        user_pool::{OfPool, PoolCall},
        websocket::{ConnectReply, SocketEvent, SocketReply, WebSocket},
    };
}

/// What expansions of the macros call. Not part of the promise: any version may change it.
#[doc(hidden)]
pub mod __private;
