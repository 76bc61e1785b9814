//! A function's own URL: from an HTTP request to its event, of payload format 2.0, and from its answer to an HTTP reply.
//!
//! The format of both is the HTTP API's; what differs is said in
//! <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>.

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use skyloom_manifest::{Auth, Cors, Function, Trigger};

use super::{
    Backends, Settings, cors, encoding,
    event::{Event, Moment, RequestPart},
    finish, head_size, reply,
    routes::{Match, Route},
    signed,
    streamed::{self, Answer},
    trace_id,
};
use crate::{
    clock::Clock,
    invoke::{Invoke, InvokeError, InvokeStream},
    random::Random,
    streamed_body::StreamedBody,
};

/// The longest body of a request, in bytes: as Lambda's own calls.
const BODY_LIMIT: usize = 6 * 1024 * 1024;
const HEADER_LIMIT: usize = 10_240;

/// The URL of a function. A clone is the same URL.
#[derive(Clone)]
pub(crate) struct FunctionUrl(Arc<Shared>);

struct Shared {
    route: Route,
    cors: Option<Cors>,
    streaming: bool,
    settings: Settings,
    clock: Clock,
    random: Random,
    invoke: Invoke,
    invoke_stream: InvokeStream,
}

impl FunctionUrl {
    /// Nothing for a function that has none.
    pub(crate) fn new(
        function: &Function,
        settings: Settings,
        (clock, random): (Clock, Random),
        Backends { invoke, invoke_stream, .. }: Backends,
    ) -> Option<Self> {
        let Trigger::Url { auth, cors } = &function.trigger else { return None };
        let route = Route::any(function, auth.clone());
        let (cors, streaming) = (cors.clone(), function.streaming);
        Some(Self(Arc::new(Shared { route, cors, streaming, settings, clock, random, invoke, invoke_stream })))
    }

    /// Answers a request as Lambda would.
    pub(crate) async fn handle(&self, request: Request<Bytes>, source_ip: IpAddr) -> Response<Bytes> {
        let url = &*self.0;
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let ids = [url.random.uuid(), trace_id(&url.clock, &url.random)];
        let at = Moment::new(&request, url.clock.now(), source_ip, ids);
        let ids = [("x-amzn-requestid", at.request_id.clone()), ("x-amzn-trace-id", at.trace_id.clone())];
        let mut response = match url.cors.as_ref().filter(|_| method == Method::OPTIONS) {
            Some(cors) => preflight(cors, &request),
            None => {
                let answer = url.answer(request, at).await;
                let mut response = answer.unwrap_or_else(|refused| refused.response());
                url.cors.iter().for_each(|cors| cors::apply(cors, &headers, response.headers_mut()));
                response
            }
        };
        finish(&mut response, &method);
        for (name, id) in ids {
            if let Ok(id) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(HeaderName::from_static(name), id);
            }
        }
        response
    }

    /// What clients have as their `host` at AWS.
    pub(crate) fn domain_name(&self) -> &str {
        &self.0.settings.domain_name
    }

    /// Answers a request whose body was cut off.
    pub(crate) fn refuse_body(&self) -> Response<Bytes> {
        let mut response = Refused::BodyTooLarge.response();
        finish(&mut response, &Method::POST);
        response
    }
}

impl Shared {
    async fn answer(&self, request: Request<Bytes>, at: Moment) -> Result<Response<Bytes>, Refused> {
        if head_size(&request) > HEADER_LIMIT {
            return Err(Refused::HeadersTooLarge);
        }
        if request.body().len() > BODY_LIMIT {
            return Err(Refused::BodyTooLarge);
        }
        let (parts, body) = request.into_parts();
        let path = encoding::decode(parts.uri.path()).ok_or(Refused::BadRequest)?;
        let found = Match { route: &self.route, parameters: Vec::new() };
        let part = RequestPart::new(&parts, body.len(), &path, &found, at, &self.settings);
        let signer = match self.route.auth {
            Auth::Public => None,
            _ => Some(signed::of_url(&parts, &body, &part, &self.settings).map_err(|_| Refused::Forbidden)?),
        };
        let event =
            Event::new(&part, &body, &self.settings, signer.as_deref()).to_bytes().map_err(|_| Refused::BadGateway)?;
        if self.streaming { self.stream(event).await } else { self.call(event).await }
    }

    async fn call(&self, event: Bytes) -> Result<Response<Bytes>, Refused> {
        let answer =
            (self.invoke)(self.route.backend.name().to_owned(), event).await.map_err(|error| Refused::of(&error))?;
        reply::read(answer).map_err(|_| Refused::BadGateway)
    }

    /// An answer without a head is the body as it is.
    async fn stream(&self, event: Bytes) -> Result<Response<Bytes>, Refused> {
        let answer = streamed::invoke(&self.invoke_stream, self.route.backend.name(), event).await;
        match answer.map_err(|error| Refused::of(&error))? {
            Answer::Streamed(head, body) => {
                let mut response = reply::head(&head).map_err(|_| Refused::BadGateway)?;
                StreamedBody::put(body, &mut response);
                Ok(response)
            }
            Answer::Whole(body) => {
                let mut response = Response::new(body);
                let bytes = HeaderValue::from_static("application/octet-stream");
                response.headers_mut().insert(header::CONTENT_TYPE, bytes);
                Ok(response)
            }
        }
    }
}

/// Lambda answers it itself, whatever the function would.
fn preflight(cors: &Cors, request: &Request<Bytes>) -> Response<Bytes> {
    let mut response = cors::preflight(cors, request.headers());
    *response.status_mut() = StatusCode::OK;
    response
}

/// What Lambda answers by itself. AWS documents the statuses
/// (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>, <https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html>);
/// the bodies are those that users report.
#[derive(Clone, Copy, Debug)]
enum Refused {
    BadRequest,
    Forbidden,
    BodyTooLarge,
    HeadersTooLarge,
    Throttled,
    BadGateway,
}

impl Refused {
    fn of(error: &InvokeError) -> Self {
        match error {
            InvokeError::Throttled => Self::Throttled,
            InvokeError::TooLarge(_) => Self::BodyTooLarge,
            InvokeError::Failed(_)
            | InvokeError::TimedOut { .. }
            | InvokeError::Exited { .. }
            | InvokeError::NotFound(_) => Self::BadGateway,
        }
    }

    fn response(self) -> Response<Bytes> {
        let (status, body) = match self {
            Self::BadRequest => (StatusCode::BAD_REQUEST, r#"{"message":"Bad Request"}"#),
            Self::Forbidden => (StatusCode::FORBIDDEN, r#"{"Message":"Forbidden"}"#),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, r#"{"message":"Request Entity Too Large"}"#),
            Self::HeadersTooLarge => {
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, r#"{"message":"Request Header Fields Too Large"}"#)
            }
            Self::Throttled => (
                StatusCode::TOO_MANY_REQUESTS,
                r#"{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#,
            ),
            Self::BadGateway => (StatusCode::BAD_GATEWAY, "Internal Server Error"),
        };
        let mut response = Response::new(Bytes::from_static(body.as_bytes()));
        *response.status_mut() = status;
        let kind = if body.starts_with('{') { "application/json" } else { "text/plain" };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    }
}

impl std::fmt::Debug for FunctionUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FunctionUrl").field("function", &self.0.route.backend.name()).finish_non_exhaustive()
    }
}
