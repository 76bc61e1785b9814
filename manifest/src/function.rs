mod http;
mod options;
mod pool_trigger;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::{
    http::{HttpOptions, ParameterMapping, PayloadFormat},
    options::{Deployment, EventInvoke, FunctionOptions, LogLevel, TrafficShift},
    pool_trigger::{PoolEventVersion, PoolTrigger},
};
use crate::{AuthorizerOptions, Cors, Destination, Guards, Operation, Permission, StreamTrigger, Throttle, guards};

/// A Lambda function: one `#[handler]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// The Rust function's name, unique in the application.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub source: SourceLocation,
    /// What makes it run.
    pub trigger: Trigger,
    /// Memory in MB, 128 to 10,240.
    pub memory: u32,
    /// The longest that an invocation may take, in seconds, 1 to 900.
    pub timeout: u32,
    /// Reserved concurrency: at most so many invocations at once, taken from the account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// How it is run beside that.
    #[serde(default, skip_serializing_if = "options::is_default")]
    pub options: FunctionOptions,
    /// Whether its reply to a request is sent as it comes, rather than when it is whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub streaming: bool,
    /// What it may do in AWS, and nothing else.
    pub permissions: Vec<Permission>,
    /// What a route takes and gives. A binary without debug assertions does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Box<Operation>>,
}

impl Function {
    /// Where Lambda tells of what became of its work, with its role.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let of_stream = match &self.trigger {
            Trigger::Stream(stream) => stream.on_failure.as_ref(),
            _ => None,
        };
        of_stream.into_iter().chain(self.options.event_invoke.destinations())
    }

    /// Whether it reads pages of items, and so gives out cursors and takes them back.
    pub fn makes_cursors(&self) -> bool {
        let actions = self.permissions.iter().flat_map(|permission| &permission.actions);
        actions.into_iter().any(|action| matches!(action.as_str(), "dynamodb:Query" | "dynamodb:Scan"))
    }
}

/// A place in the application's source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceLocation {
    /// The file, from the workspace's root.
    pub file: String,
    /// The line, from 1. A binary without debug assertions does not know it, and says 0.
    pub line: u32,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What makes a function run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Trigger {
    /// A request to an API.
    Http {
        /// The API's name.
        api: String,
        /// `GET`, `POST`, …, or `ANY`.
        method: HttpMethod,
        /// `/orders/{id}`, `/files/{path+}`, or, of an HTTP API, `$default` for what no other route takes.
        path: String,
        /// Who may call.
        auth: Auth,
        /// What it lets through.
        #[serde(default, skip_serializing_if = "guards::is_default")]
        guards: Box<Guards>,
    },
    /// Changes of a table's items.
    Stream(StreamTrigger),
    /// The clock.
    Schedule {
        /// `rate(1 hour)`, `cron(0 12 * * ? *)` or `at(2030-01-01T00:00:00)`, in UTC.
        expression: String,
    },
    /// API Gateway asks it who the caller is.
    Authorizer {
        /// The principal's type that it makes.
        principal: String,
        /// For how long an answer may be reused for the same token, in seconds, 0 to 3,600.
        cache: u32,
        /// How it is asked, and answers.
        #[serde(default, skip_serializing_if = "guards::is_default")]
        options: Box<AuthorizerOptions>,
    },
    /// A call by name, through Lambda's `Invoke`.
    Invoke,
    /// CodeDeploy, while it brings in a new version of another function.
    Hook,
    /// A request to the function's own URL, without an API.
    Url {
        /// Who may call: [`Auth::Public`] or [`Auth::Iam`], which are all that Lambda knows.
        auth: Auth,
        /// Cross-origin rules; without them a browser of another origin is refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cors: Option<Cors>,
    },
    /// What happens on a connection of a WebSocket API.
    #[serde(rename = "websocket")]
    WebSocket {
        /// The API's name.
        api: String,
        /// `$connect`, `$disconnect`, `$default`, or what a message says that is meant for it.
        route: String,
        /// Who may connect; of `$connect` alone, since what comes later comes from whom it let in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        auth: Option<Auth>,
        /// Whether what the function returns is sent on the connection.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        replies: bool,
        /// How many connections or messages, whoever sends them; without it as many as the API's routes take.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        throttle: Option<Throttle>,
    },
    /// Cognito, when something happens to a user of a pool.
    UserPool {
        /// The pool's name.
        pool: String,
        /// When it asks.
        on: PoolTrigger,
        /// Which event it sends.
        #[serde(default, skip_serializing_if = "PoolEventVersion::is_first")]
        version: PoolEventVersion,
    },
}

impl Trigger {
    /// Whether nobody waits for the function's answer, so that Lambda itself keeps the event and tries it again.
    pub const fn is_asynchronous(&self) -> bool {
        matches!(self, Self::Schedule { .. } | Self::Invoke)
    }

    /// Who may call a route or a URL; nothing for what is neither.
    pub const fn auth(&self) -> Option<&Auth> {
        match self {
            Self::Http { auth, .. } | Self::Url { auth, .. } => Some(auth),
            Self::WebSocket { auth, .. } => auth.as_ref(),
            Self::Stream(_)
            | Self::Schedule { .. }
            | Self::Authorizer { .. }
            | Self::Invoke
            | Self::Hook
            | Self::UserPool { .. } => None,
        }
    }
}

/// An HTTP method, as a route names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the methods of RFC 9110 and RFC 5789, and API Gateway's `ANY`")]
pub enum HttpMethod {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Any,
}

impl HttpMethod {
    /// The method as a request has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Any => "ANY",
        }
    }
}

/// Who may call a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Auth {
    /// Everyone.
    Public,
    /// Whoever signs the request with credentials of AWS and may invoke the API.
    Iam,
    /// Whoever has a key of the API, a REST API.
    ApiKey,
    /// A user of a pool, with a token that API Gateway's authorizer for it accepts.
    UserPool {
        /// The pool's name.
        pool: String,
        /// Scopes of which the access token must have one; API Gateway checks them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        scopes: Vec<String>,
        /// Groups of which the user must be in one; the function checks them, since API Gateway cannot.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<String>,
    },
    /// Whoever an authorizer function lets in.
    Authorizer {
        /// The authorizer function's name.
        function: String,
    },
}
