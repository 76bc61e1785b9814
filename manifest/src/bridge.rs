//! Where an application and what runs it meet: bytes in, bytes out.
//!
//! The framework makes an [`Application`]; the local runner starts its functions from it, in process, exactly as Lambda
//! would start the binary: with environment variables, and with the AWS APIs behind an HTTP [`Transport`].

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc, time::SystemTime};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{Manifest, Problem};

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An application that is linked into this process.
#[derive(Clone, Copy, Debug)]
pub struct Application {
    /// Its name: its package's.
    pub name: &'static str,
    /// Makes the manifest of the application of that name, or says all that is wrong with it.
    pub manifest: fn(&str) -> Result<Manifest, Vec<Problem>>,
    /// Starts an execution environment of the function of that name.
    pub start: Start,
}

/// Starts an execution environment of the function of that name.
pub type Start = fn(&str, Environment) -> Result<Box<dyn Instance>, FunctionError>;

/// What a function finds around it when it starts.
#[derive(Clone)]
pub struct Environment {
    /// Its environment variables, in place of the process's.
    pub variables: Arc<BTreeMap<String, String>>,
    /// Takes every request to AWS, in place of the network.
    pub aws: Transport,
    /// Takes every line that it logs, without the newline.
    pub log: Arc<dyn Fn(&str) + Send + Sync>,
    /// The time, which in a test is the test's.
    pub now: Now,
}

/// Tells the time.
pub type Now = Arc<dyn Fn() -> SystemTime + Send + Sync>;

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.variables.keys().collect(); // values may be credentials
        f.debug_struct("Environment").field("variables", &names).finish_non_exhaustive()
    }
}

/// Answers an HTTP request that was meant for AWS.
pub type Transport = Arc<dyn Fn(http::Request<Bytes>) -> BoxFuture<'static, http::Response<Bytes>> + Send + Sync>;

/// As an extension of a [`Transport`]'s response: nothing came back, whether or not the request was carried out. The client
/// sees a connection that broke.
#[derive(Clone, Copy, Debug)]
pub struct NoAnswer;

/// A started function; it handles one invocation at a time, as an execution environment of Lambda does.
pub trait Instance: Send + Sync {
    /// Handles one event, JSON in and JSON out. A panic of the handler is a [`FunctionError`]. Of a reply that is sent as it comes, the
    /// parts go to the invocation's sink, if it has one, and the answer is what is left: nothing.
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Bytes, FunctionError>>;
}

/// One event and what Lambda says beside it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// `Lambda-Runtime-Aws-Request-Id`.
    pub request_id: String,
    /// `Lambda-Runtime-Deadline-Ms`, as a time.
    pub deadline: SystemTime,
    /// `Lambda-Runtime-Invoked-Function-Arn`.
    pub function_arn: String,
    /// `Lambda-Runtime-Trace-Id`.
    pub trace_id: Option<String>,
    /// The event.
    pub payload: Bytes,
    /// Takes the parts of a reply that is sent as it comes, if anybody waits for them.
    pub sink: Option<Sink>,
}

/// Takes the parts of a reply as they come.
#[derive(Clone)]
pub struct Sink(Arc<dyn Fn(Bytes) + Send + Sync>);

impl Sink {
    /// Hands each part to that.
    pub fn new(take: impl Fn(Bytes) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Takes the next part.
    pub fn send(&self, part: Bytes) {
        (self.0)(part);
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").finish_non_exhaustive()
    }
}

/// How a function that failed says so, in Lambda's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{error_type}: {error_message}")]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// `errorType`.
    pub error_type: String,
    /// `errorMessage`.
    pub error_message: String,
}

/// A type that stands for a table, so that a test can look into it: `app.table::<Order>()`.
pub trait Stored {
    /// What the test gets.
    type Handle;
    /// Opens the table with the rights of the account's owner.
    fn open(environment: &Environment) -> Self::Handle;
}

/// A type that stands for a user of a pool, so that a test can be one: `app.sign_in::<Shopper>("ann@example.com")`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no user pool",
    label = "no user pool",
    note = "derive it: `#[derive(skyloom::UserPool, serde::Deserialize)] struct {Self} {{ sub: String }}`"
)]
pub trait SignsIn {
    /// The pool's name in the manifest.
    const USER_POOL: &'static str;
}

/// A type that stands for an identity pool, so that a test can have its credentials: `app.identity_credentials::<Visitors>(&ann)`.
pub trait GivesCredentials {
    /// The pool's name in the manifest.
    const IDENTITY_POOL: &'static str;
}

/// A type that stands for a client of a pool, so that a test can be one: `app.sign_in_as::<Nightly>()`.
pub trait ClientOfPool {
    /// The pool's name in the manifest.
    const USER_POOL: &'static str;
    /// The client's name in the manifest.
    const CLIENT: &'static str;
}

/// A type that stands for an API: what `api = …` of a handler names, and what a test reaches it by, `app.api::<Shop>()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no API, so `api` cannot name it",
    label = "no API",
    note = "derive it: `#[derive(skyloom::Api)] struct {Self};`"
)]
pub trait ApiType {
    /// Its name in the manifest.
    const NAME: &'static str;
    /// Whether it is a REST API; otherwise it is an HTTP API, if it is no WebSocket API.
    const IS_REST: bool;
    /// Whether it is a WebSocket API.
    const IS_WEBSOCKET: bool = false;
}

/// A type that stands for a secret, so that a test can set it: `app.set_secret::<StripeKey>("sk_test_1")`.
pub trait Kept {
    /// The secret's name in the manifest.
    const SECRET: &'static str;
}

/// The environment variable that holds the physical name of a table: `SKYLOOM_TABLE_` and its name in the manifest.
pub fn table_variable(table: &str) -> String {
    format!("SKYLOOM_TABLE_{table}")
}

/// The environment variable of a hook that holds the ARN of the version of a function that it is about: `SKYLOOM_VERSION_` and the
/// function's name in the manifest.
pub fn version_variable(function: &str) -> String {
    format!("SKYLOOM_VERSION_{function}")
}

/// The environment variable that holds the ARN, or the name, of a secret: `SKYLOOM_SECRET_` and its name in the manifest.
pub fn secret_variable(secret: &str) -> String {
    format!("SKYLOOM_SECRET_{secret}")
}

/// The environment variable that holds the URL at which the connections of a WebSocket API are managed: `SKYLOOM_CONNECTIONS_` and
/// the API's name in the manifest.
pub fn connections_variable(api: &str) -> String {
    format!("SKYLOOM_CONNECTIONS_{api}")
}

/// The environment variable that holds the application's cursor key: a random text. A function has it if it
/// [`makes_cursors`](crate::Function::makes_cursors).
pub const CURSOR_KEY_VARIABLE: &str = "SKYLOOM_CURSOR_KEY";
