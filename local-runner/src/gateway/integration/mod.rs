//! Routes without a function: another server, an answer that is always the same, a queue, a table.
//!
//! What they call is given to them as [`Services`]: nothing here knows a socket, a queue or a table. Who may call was decided before.

mod answer;
mod forward;
mod mapping;
mod put;
mod queue;
#[cfg(test)]
mod tests;
mod values;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri, request::Parts};
use serde_json::{Map, Value};
use skyloom_manifest::{Integration, Manifest, Table, Target, bridge::BoxFuture};

pub(super) use self::mapping::Mapping;

/// Hands a request to another server and waits for its answer.
pub(crate) type Forward =
    Arc<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Result<Response<Bytes>, ForwardError>> + Send + Sync>;
/// Sends a message to a queue with the role of an integration, and says whether that may.
pub(crate) type SendMessage = Arc<dyn Fn(&Integration, String) -> bool + Send + Sync>;
/// Calls `PutItem` with the role of an integration; the request names no table yet.
pub(crate) type PutItem = Arc<dyn Fn(&Integration, Map<String, Value>) -> Response<Bytes> + Send + Sync>;

/// What API Gateway calls in place of functions.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) forward: Forward,
    pub(crate) send_message: SendMessage,
    pub(crate) put_item: PutItem,
}

/// Why another server gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForwardError {
    /// It is not there, or the connection broke.
    Unreachable,
    /// Its answer is longer than the API takes.
    TooLarge,
}

/// A kind of API, which has its own headers and its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Http,
    Rest,
}

/// A route without a function, with all that is known of what it calls.
#[derive(Debug)]
pub(super) struct Direct {
    integration: Integration,
    /// Of one that writes.
    table: Option<Table>,
}

/// A request that was let in.
#[derive(Debug)]
pub(super) struct Admitted<'a> {
    pub(super) kind: Kind,
    pub(super) method: &'a http::Method,
    pub(super) uri: &'a Uri,
    /// As they were sent.
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a Bytes,
    /// The parameters of the path, as the kind of API has them.
    pub(super) parameters: &'a [(String, String)],
    /// What a function would be told.
    pub(super) event: &'a Value,
    /// What is new by chance: the id of a message.
    pub(super) new_id: String,
}

/// Why there is no answer; each kind of API has its own words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Internal,
    InvalidBody,
    UnsupportedMediaType,
    Unreachable,
    TimedOut,
}

impl<'a> Admitted<'a> {
    pub(super) fn new(
        kind: Kind,
        (parts, body): (&'a Parts, &'a Bytes),
        parameters: &'a [(String, String)],
        event: &'a Value,
        new_id: String,
    ) -> Self {
        let Parts { method, uri, headers, .. } = parts;
        Self { kind, method, uri, headers, body, parameters, event, new_id }
    }
}

impl Direct {
    /// The routes of an API that have no function.
    pub(super) fn all(manifest: &Manifest, api: &str) -> Vec<Arc<Self>> {
        let direct = |integration: &Integration| {
            let table = match &integration.target {
                Target::Put { table, .. } => manifest.table(table).cloned(),
                Target::Http { .. } | Target::Answer { .. } | Target::Queue { .. } => None,
            };
            Arc::new(Self { integration: integration.clone(), table })
        };
        manifest.integrations_of(api).map(direct).collect()
    }

    /// Whether another server answers, whose headers are the answer's.
    pub(super) fn is_forwarded(&self) -> bool {
        matches!(self.integration.target, Target::Http { .. })
    }

    pub(super) fn integration(&self) -> &Integration {
        &self.integration
    }

    /// The answer, within the time that the API waits.
    pub(super) async fn answer(
        &self,
        request: &Admitted<'_>,
        services: &Services,
        timeout: Duration,
    ) -> Result<Response<Bytes>, Failure> {
        match &self.integration.target {
            Target::Http { url } => forward::answer(url, request, &services.forward, timeout).await,
            Target::Answer { status, headers, body } => {
                answer::answer(*status, headers, body.as_deref(), request.headers)
            }
            Target::Queue { .. } => queue::answer(&self.integration, request, &services.send_message),
            Target::Put { set, replace, .. } => {
                let table = self.table.as_ref().ok_or(Failure::Internal)?;
                put::answer(&self.integration, (table, set, *replace), request, &services.put_item)
            }
        }
    }
}

/// The body as a REST API's mapping templates take it: JSON, or nothing said of it.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html>
fn check_media_type(headers: &HeaderMap) -> Result<(), Failure> {
    let sent = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = sent.map(|value| value.split(';').next().unwrap_or_default().trim());
    match essence {
        None => Ok(()),
        Some(essence) if essence.eq_ignore_ascii_case("application/json") => Ok(()),
        Some(_) => Err(Failure::UnsupportedMediaType),
    }
}

/// What an integration that failed is answered with, by the template's own words.
fn failed() -> Response<Bytes> {
    json(http::StatusCode::INTERNAL_SERVER_ERROR, r#"{"message": "Internal server error"}"#.into())
}

/// A reply of JSON.
fn json(status: http::StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}
