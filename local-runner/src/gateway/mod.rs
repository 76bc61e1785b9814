//! An HTTP API of API Gateway: from an HTTP request to the event of a function, and from its answer to an HTTP reply. A REST API
//! is in [`rest`].
//!
//! Nothing here knows a socket or Lambda: requests come as values, functions are called through an [`Invoke`].

#[cfg(test)]
mod attacks;
mod authorizer;
mod backend;
mod cors;
mod encoding;
mod event;
mod format_1;
mod integration;
mod jwt;
mod memory;
mod refusal;
mod remembered;
mod reply;
mod rest;
mod routes;
mod served;
mod settings;
mod signed;
mod streamed;
#[cfg(test)]
mod tests;
mod throttle;
mod url;
mod verdict;
pub(crate) mod websocket;

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header, request::Parts};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use skyloom_manifest::{Api, Auth, Cors, Manifest, PayloadFormat, bridge::BoxFuture};

use self::rest::RestApi;
pub(crate) use self::websocket::{Connections, Socket, WebSocketApi};
use self::{
    authorizer::Authorizers,
    backend::{Backend, FunctionBackend},
    event::{Event, Moment, RequestPart},
    integration::{Admitted, Direct, Failure, Kind},
    refusal::Refusal,
    routes::{Match, Routes},
    throttle::Limits,
};
pub(crate) use self::{
    backend::Backends,
    integration::{Forward, ForwardError, Services},
    jwt::{Issuer, Verified},
    served::{Entrance, Served},
    settings::{Settings, route_arn},
};
use crate::{
    clock::Clock,
    invoke::{Invoke, InvokeError},
    random::Random,
    streamed_body::StreamedBody,
};

/// The longest body of a request, in bytes. <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub(crate) const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// The longest request line and headers together, in bytes.
const HEADER_LIMIT: usize = 10_240;
/// How long the API waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// An HTTP API. A clone is the same API.
#[derive(Clone, Debug)]
pub(crate) struct Gateway(Arc<Shared>);

struct Shared {
    routes: Routes,
    cors: Option<Cors>,
    issuers: HashMap<String, Issuer>,
    authorizers: Authorizers,
    limits: Limits,
    settings: Settings,
    clock: Clock,
    random: Random,
    invoke: Invoke,
    services: Services,
}

/// Where a request came from, as an extension of it; without one it came from this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceIp(pub(crate) IpAddr);

impl Gateway {
    pub(crate) fn new(
        manifest: &Manifest,
        (api, settings): (&Api, Settings),
        clock: Clock,
        random: Random,
        backends: impl Into<Backends>,
        issuers: Vec<Issuer>,
    ) -> Self {
        let Backends { invoke, services, .. } = backends.into();
        Self(Arc::new(Shared {
            routes: Routes::new(manifest, &api.name),
            cors: api.cors.clone(),
            issuers: issuers.into_iter().map(|issuer| (issuer.pool.clone(), issuer)).collect(),
            authorizers: Authorizers::new(&manifest.functions, clock.clone(), invoke.clone()),
            limits: Limits::new(manifest, api, clock.clone()),
            settings,
            clock,
            random,
            invoke,
            services,
        }))
    }

    /// Answers a request as the API would.
    pub(crate) async fn handle(&self, request: Request<Bytes>, source_ip: IpAddr) -> Response<Bytes> {
        let api = &*self.0;
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let ids = [api.request_id(), trace_id(&api.clock, &api.random)];
        let at = Moment::new(&request, api.clock.now(), source_ip, ids);
        let id = at.request_id.clone();
        let mut response = match api.preflight(&request) {
            Some(response) => response,
            None => {
                let mut response = api.answer(request, at).await.unwrap_or_else(|refusal| refusal.response());
                api.cors.iter().for_each(|cors| cors::apply(cors, &headers, response.headers_mut()));
                response
            }
        };
        finish(&mut response, &method);
        identify(&mut response, &id);
        response
    }

    /// Answers a request whose body was cut off at [`BODY_LIMIT`].
    pub(crate) fn refuse_body(&self) -> Response<Bytes> {
        let mut response = Refusal::BodyTooLarge.response();
        finish(&mut response, &Method::POST);
        identify(&mut response, &self.0.request_id());
        response
    }
}

impl tower::Service<Request<Bytes>> for Gateway {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let gateway = self.clone();
        let source_ip = source_ip(&request);
        Box::pin(async move { Ok(gateway.handle(request, source_ip).await) })
    }
}

impl Shared {
    fn preflight(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let cors = self.cors.as_ref().filter(|_| request.method() == Method::OPTIONS)?;
        let path = encoding::decode(request.uri().path())?;
        self.routes.find("OPTIONS", &path).is_none().then(|| cors::preflight(cors, request.headers()))
    }

    async fn answer(&self, request: Request<Bytes>, at: Moment) -> Result<Response<Bytes>, Refusal> {
        check_size(&request)?;
        let (parts, body) = request.into_parts();
        // HTTP APIs decode a path before they look for its route: `%2F` is a slash.
        let path = encoding::decode(parts.uri.path()).ok_or(Refusal::BadRequest)?;
        let found = self.routes.find(parts.method.as_str(), &path).ok_or(Refusal::NotFound)?;
        let part = RequestPart::new(&parts, body.len(), &path, &found, at, &self.settings);
        self.limits.admit(found.route.backend.name()).then_some(()).ok_or(Refusal::TooManyRequests)?;
        let authorizer = match &found.route.auth {
            Auth::Iam => Some(signed::authorize(&parts, &body, &part, &self.settings)?),
            _ => self.authorize(&found, &part).await?,
        };
        let event = Event::new(&part, &body, &self.settings, authorizer.as_deref()).to_bytes()?;
        match &found.route.backend {
            Backend::Function(function) => self.function(function, event, &parts.headers).await,
            Backend::Direct(direct) => self.direct(direct, (&parts, &body), &found.parameters, &event).await,
        }
    }

    /// The reply of a function, with what the route changes of requests and replies.
    async fn function(
        &self,
        function: &FunctionBackend,
        event: Bytes,
        sent: &HeaderMap,
    ) -> Result<Response<Bytes>, Refusal> {
        let FunctionBackend { name, payload, mapping } = function;
        if mapping.is_empty() && *payload == PayloadFormat::Two {
            return reply::read(self.call(name, event).await?);
        }
        let mut own: Value = serde_json::from_slice(&event).map_err(|_| Refusal::InternalServerError)?;
        mapping.change_event(&mut own);
        let mut reply = match payload {
            PayloadFormat::Two => reply::read(self.call(name, own.to_string().into()).await?)?,
            PayloadFormat::One => {
                let event = format_1::event(&own, sent).to_string();
                format_1::read(&self.call(name, event.into()).await?)?
            }
        };
        mapping.change_reply(&own, &mut reply);
        Ok(reply)
    }

    /// The reply of what is no function.
    async fn direct(
        &self,
        direct: &Direct,
        sent: (&Parts, &Bytes),
        parameters: &[(String, String)],
        event: &Bytes,
    ) -> Result<Response<Bytes>, Refusal> {
        let event: Value = serde_json::from_slice(event).map_err(|_| Refusal::InternalServerError)?;
        let request = Admitted::new(Kind::Http, sent, parameters, &event, self.random.uuid());
        let answer = direct.answer(&request, &self.services, INTEGRATION_TIMEOUT).await;
        answer.map_err(|failure| match failure {
            Failure::Unreachable | Failure::TimedOut => Refusal::ServiceUnavailable,
            Failure::Internal | Failure::InvalidBody | Failure::UnsupportedMediaType => Refusal::InternalServerError,
        })
    }

    /// The `authorizer` member of the context, where the route lets only some in.
    async fn authorize(&self, found: &Match<'_>, request: &RequestPart) -> Result<Option<Box<RawValue>>, Refusal> {
        let member = match &found.route.auth {
            Auth::Public => return Ok(None),
            // Keys are of REST APIs; who signs was let in before.
            Auth::Iam | Auth::ApiKey => return Err(Refusal::Forbidden(None)),
            Auth::UserPool { pool, scopes, .. } => {
                let issuer = self.issuers.get(pool).ok_or(Refusal::InternalServerError)?;
                to_raw_value(&jwt::authorize(
                    issuer,
                    scopes,
                    request.header("authorization"),
                    self.clock.since_epoch(),
                )?)
            }
            Auth::Authorizer { function } => {
                to_raw_value(&self.authorizers.authorize(function, request, &self.settings).await?)
            }
        };
        member.map(Some).map_err(|_| Refusal::InternalServerError)
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, Refusal> {
        let answer = tokio::time::timeout(INTEGRATION_TIMEOUT, (self.invoke)(function.into(), event)).await;
        answer.map_err(|_| Refusal::ServiceUnavailable)?.map_err(|error| refusal_of(&error))
    }

    /// `JKJaXmPLvHcESHA=`
    fn request_id(&self) -> String {
        URL_SAFE.encode(self.random.bytes::<11>())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("settings", &self.settings).field("routes", &self.routes).finish_non_exhaustive()
    }
}

/// The limits are on the body, and on the request line and the values of the headers together.
fn check_size(request: &Request<Bytes>) -> Result<(), Refusal> {
    if head_size(request) > HEADER_LIMIT {
        return Err(Refusal::HeadersTooLarge);
    }
    if request.body().len() > BODY_LIMIT {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(())
}

/// What counts of a request line and headers.
fn head_size(request: &Request<Bytes>) -> usize {
    let line = request.method().as_str().len() + request.uri().to_string().len() + " HTTP/1.1 ".len();
    line + request.headers().values().map(HeaderValue::len).sum::<usize>()
}

fn source_ip(request: &Request<Bytes>) -> IpAddr {
    request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |SourceIp(ip)| *ip)
}

/// `Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e`
fn trace_id(clock: &Clock, random: &Random) -> String {
    format!("Root=1-{:08x}-{}", clock.since_epoch().as_secs(), random.hex::<12>())
}

/// What an HTTP API makes of a function that gave no answer. One that timed out did so by its own timeout, which is a
/// failure as any other, unless it is as long as the API waits.
fn refusal_of(error: &InvokeError) -> Refusal {
    match error {
        InvokeError::TimedOut { seconds, .. } if u64::from(*seconds) >= INTEGRATION_TIMEOUT.as_secs() => {
            Refusal::ServiceUnavailable
        }
        InvokeError::Failed(_) | InvokeError::TimedOut { .. } | InvokeError::Exited { .. } => {
            Refusal::InternalServerError
        }
        InvokeError::Throttled => Refusal::ServiceUnavailable,
        InvokeError::TooLarge(_) => Refusal::BodyTooLarge,
        InvokeError::NotFound(_) => Refusal::InternalServerError,
    }
}

/// The answer of an API that an application has no more.
pub(crate) fn no_api() -> Response<Bytes> {
    Refusal::NotFound.response()
}

/// What each reply has, whoever made it.
fn finish(response: &mut Response<Bytes>, method: &Method) {
    let has_no_body = matches!(response.status().as_u16(), 204 | 304);
    if has_no_body {
        *response.body_mut() = Bytes::new();
    } else if !StreamedBody::is_in(response) {
        let length = HeaderValue::from(response.body().len());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    if method == Method::HEAD {
        *response.body_mut() = Bytes::new();
    }
}

fn identify(response: &mut Response<Bytes>, request_id: &str) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("apigw-requestid", id);
    }
}
