//! A REST API of API Gateway: from an HTTP request to the event of a function in payload format 1.0, and from its answer to an
//! HTTP reply.
//!
//! What differs from an HTTP API is here; tokens, encodings and settings are the gateway's own.

mod authorizer;
mod binary;
mod cache;
mod cognito;
mod compression;
mod decompression;
mod event;
mod exchange;
mod gateway_response;
mod headers;
mod preflight;
mod question;
mod refusal;
mod reply;
mod resource_policy;
mod routes;
mod signed;
#[cfg(test)]
mod tests;
mod usage;
mod validation;

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    fmt,
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, request::Parts};
use serde_json::Value;
use skyloom_manifest::{Api, Auth, Cors, Endpoint, Manifest, bridge::BoxFuture};

use self::{
    authorizer::Authorizers,
    binary::BinaryMediaTypes,
    cache::Cache,
    event::{Event, RequestPart},
    exchange::Exchange,
    gateway_response::GatewayResponses,
    refusal::Refusal,
    resource_policy::ResourcePolicy,
    routes::{Integration, Match, Resources},
    usage::Usage,
    validation::Validation,
};
use super::{
    BODY_LIMIT, Backends, HEADER_LIMIT, Issuer, Services, Settings, encoding,
    event::Moment,
    finish,
    integration::{Admitted, Direct, Failure, Kind},
    source_ip,
    streamed::{self, Answer},
    throttle::{self, Limits},
};
use crate::{
    access::Access,
    clock::Clock,
    invoke::{Invoke, InvokeError, InvokeStream},
    policy::Decision,
    random::Random,
    signed::Signer,
    streamed_body::StreamedBody,
};

/// How long the API waits for a function.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);

/// The stage that events and ARNs name: the template's where none is named.
pub(super) const STAGE: &str = "default";

/// What a client needs that has a reply made anew.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>
const INVALIDATE: &str = "execute-api:InvalidateCache";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const EXTENDED_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-apigw-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// A REST API. A clone is the same API.
///
/// It stands at the root, as behind a custom domain: the stage, which the API's own URL at AWS begins with, is left out of the
/// path of a request. Events and ARNs have it.
#[derive(Clone, Debug)]
pub(crate) struct RestApi(Arc<Shared>);

struct Shared {
    resources: Resources,
    cors: Option<Cors>,
    issuers: HashMap<String, Issuer>,
    authorizers: Authorizers,
    binary: BinaryMediaTypes,
    limits: Limits,
    usage: Option<Usage>,
    /// Where the API holds requests to the arguments' types.
    validation: Option<Validation>,
    cache: Cache,
    /// From how many bytes on replies are compressed.
    minimum_compression: Option<u32>,
    responses: GatewayResponses,
    policy: ResourcePolicy,
    settings: Settings,
    clock: Clock,
    random: Random,
    invoke: Invoke,
    invoke_stream: InvokeStream,
    /// The functions whose reply is sent as it comes.
    streaming: BTreeSet<String>,
    /// For so long such a reply may be silent.
    stream_idle: Duration,
    services: Services,
}

impl RestApi {
    pub(crate) fn new(
        manifest: &Manifest,
        (api, rest, settings): (&Api, &skyloom_manifest::RestApi, Settings),
        (clock, random): (Clock, Random),
        backends: impl Into<Backends>,
        issuers: Vec<Issuer>,
    ) -> Self {
        let Backends { invoke, invoke_stream, services } = backends.into();
        Self(Arc::new(Shared {
            resources: Resources::new(manifest, api),
            cors: api.cors.clone(),
            issuers: issuers.into_iter().map(|issuer| (issuer.pool.clone(), issuer)).collect(),
            authorizers: Authorizers::new(&manifest.functions, clock.clone(), invoke.clone()),
            binary: BinaryMediaTypes::new(rest),
            limits: Limits::new(manifest, api, clock.clone()),
            usage: rest.usage_plan.map(|plan| Usage::new(plan, clock.clone())),
            validation: rest.validate.then(|| Validation::new(manifest, api)),
            cache: Cache::new(manifest, api, clock.clone()),
            minimum_compression: rest.minimum_compression,
            responses: GatewayResponses::new(rest),
            policy: ResourcePolicy::of(manifest, api, &settings),
            settings,
            clock,
            random,
            invoke,
            invoke_stream,
            streaming: streaming(manifest),
            stream_idle: stream_idle(rest.endpoint),
            services,
        }))
    }

    /// Answers a request as the API would.
    pub(crate) async fn handle(&self, request: Request<Bytes>, source_ip: IpAddr) -> Response<Bytes> {
        let api = &*self.0;
        let (method, headers, uri) = (request.method().clone(), request.headers().clone(), request.uri().clone());
        let ids = [api.random.uuid(), super::trace_id(&api.clock, &api.random)];
        let at = Moment::new(&request, api.clock.now(), source_ip, ids);
        let exchange = Exchange::new(api.extended_request_id());
        let answer = api.answer(request, at.clone(), &exchange).await;
        let mut response = answer.unwrap_or_else(|refusal| api.refuse(&refusal, (&uri, &headers, &at), &exchange));
        compression::apply(api.minimum_compression, &headers, &mut response);
        finish(&mut response, &method);
        insert(response.headers_mut(), REQUEST_ID, &at.request_id);
        insert(response.headers_mut(), EXTENDED_REQUEST_ID, &exchange.extended_id);
        response
    }

    pub(crate) fn domain_name(&self) -> &str {
        &self.0.settings.domain_name
    }

    /// What a client sends as `x-api-key`.
    pub(crate) fn api_key(&self) -> &str {
        &self.0.settings.api_key
    }

    /// Answers a request whose body was cut off at [`BODY_LIMIT`].
    pub(crate) fn refuse_body(&self) -> Response<Bytes> {
        let mut response = Refusal::BodyTooLarge.response();
        finish(&mut response, &Method::POST);
        insert(response.headers_mut(), REQUEST_ID, &self.0.random.uuid());
        response
    }
}

impl tower::Service<Request<Bytes>> for RestApi {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let api = self.clone();
        let source_ip = source_ip(&request);
        Box::pin(async move { Ok(api.handle(request, source_ip).await) })
    }
}

/// Who calls, as far as the API knows.
#[derive(Debug)]
enum Caller {
    Unknown,
    HasKey(String),
    /// The `authorizer` member of the event's context.
    Authorized(Value),
    Signed(Signer),
}

impl Shared {
    async fn answer(
        &self,
        request: Request<Bytes>,
        at: Moment,
        exchange: &Exchange,
    ) -> Result<Response<Bytes>, Refusal> {
        check_size(&request)?;
        let (parts, sent) = request.into_parts();
        let body = decompression::undone(&parts.headers, &sent)?;
        let path = routes::normalized(parts.uri.path());
        encoding::escapes_are_whole(&path).then_some(()).ok_or(Refusal::BadRequest)?;
        let query = checked_query(parts.uri.query().unwrap_or_default())?;
        let found = self.resources.find(parts.method.as_str(), &path);
        let found = found.ok_or_else(|| signed::without_method((&parts, &body), &path, &self.settings))?;
        let (name, auth) = match found.integration() {
            Integration::Function { name, auth } => (name, auth),
            Integration::Direct(direct) => (&direct.integration().name, &direct.integration().auth),
            Integration::Preflight(cors) => {
                let part = RequestPart::new(&parts, &path, query, &found, at, &self.settings);
                return self.preflight(cors, &parts.headers, &part);
            }
        };
        let trace_id = at.trace_id.clone();
        let part = RequestPart::new(&parts, &path, query, &found, at, &self.settings);
        let caller = self.admit((name, auth), (&parts, &sent), &part, exchange).await?;
        if let Some(validation) = &self.validation {
            validation.check(name, &part, &body)?;
        }
        let key = self.cache.key(name, &part);
        let wants_anew = key.is_some() && cache::wants_anew(&parts.headers);
        let gets_anew = wants_anew && self.may_invalidate((&parts, &sent), &part, &caller);
        if let Some(mut reply) = key.as_ref().filter(|_| !gets_anew).and_then(|key| self.cache.get(key)) {
            wants_anew.then(|| cache::warn(&mut reply));
            return Ok(reply);
        }
        let event = Event::new(&part, &body, &self.settings, &self.binary, &caller, &exchange.extended_id);
        let mut response = self.integrate(&found, (&parts, &body), event.to_bytes()?).await?;
        key.into_iter().for_each(|key| self.cache.keep(key, &response));
        (wants_anew && !gets_anew).then(|| cache::warn(&mut response));
        if !matches!(found.integration(), Integration::Direct(direct) if direct.is_forwarded()) {
            insert(response.headers_mut(), TRACE_ID, &trace_id);
        }
        Ok(response)
    }

    /// The API's own answer to what a browser asks before a request: to it this is a method as any other, which nobody has to sign.
    fn preflight(&self, cors: &Cors, sent: &HeaderMap, request: &RequestPart) -> Result<Response<Bytes>, Refusal> {
        self.policy.check(&signed::access(request, &self.settings))?;
        self.limits.admit(&throttle::of_preflight(&request.resource)).then_some(()).ok_or(Refusal::Throttled)?;
        Ok(preflight::answer(cors, sent))
    }

    /// The reply of what is behind a method.
    async fn integrate(
        &self,
        found: &Match<'_>,
        (parts, body): (&Parts, &Bytes),
        event: Bytes,
    ) -> Result<Response<Bytes>, Refusal> {
        match found.integration() {
            Integration::Function { name, .. } if self.streaming.contains(name) => self.stream(name, event).await,
            Integration::Function { name, .. } => {
                reply::read(&self.call(name, event).await?, self.binary.wants(&parts.headers))
            }
            Integration::Direct(direct) => self.direct(direct, (parts, body), &found.parameters, &event).await,
            Integration::Preflight(cors) => Ok(preflight::answer(cors, &parts.headers)),
        }
    }

    /// A refusal in the API's own words, which a page of another origin can read.
    fn refuse(&self, refusal: &Refusal, request: (&Uri, &HeaderMap, &Moment), exchange: &Exchange) -> Response<Bytes> {
        let mut response = refusal.response();
        let Some(occasion) = refusal.response_type() else { return response };
        let (uri, headers, at) = request;
        if let Some(cors) = &self.cors {
            preflight::mark(cors, headers, response.headers_mut());
        }
        let path = routes::normalized(uri.path());
        let part =
            RequestPart::of_refused(headers, &path, self.resources.find(&at.method, &path), at.clone(), &self.settings);
        self.responses.apply(occasion, &mut response, |name| match name {
            "error.validationErrorString" => refusal.validation_error(),
            name => part.variable(name, &self.settings).or_else(|| exchange.variable(name)),
        });
        response
    }

    /// Who calls, if the route and who calls have requests left, and the API's resource policy lets them: the policy is asked before a
    /// key, and after a token or a signature was verified; an authorizer function is asked where it denies nothing, and then both decide.
    /// Of a key its own plan is asked before the route's
    /// limit, as AWS lists them; where the limit stands to the other authorizers is not said, and here it spares their calls.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html>
    async fn admit(
        &self,
        (name, auth): (&str, &Auth),
        (parts, body): (&Parts, &Bytes),
        request: &RequestPart,
        exchange: &Exchange,
    ) -> Result<Caller, Refusal> {
        let access = signed::access(request, &self.settings);
        match auth {
            Auth::Public | Auth::ApiKey => self.policy.check(&access)?,
            Auth::Authorizer { .. } => self.policy.check_denial(&access)?,
            Auth::Iam | Auth::UserPool { .. } => {}
        }
        let key = if *auth == Auth::ApiKey { Some(self.key(request)?) } else { None };
        self.limits.admit(name).then_some(()).ok_or(Refusal::Throttled)?;
        match (key, auth) {
            (Some(caller), _) => Ok(caller),
            (None, Auth::Iam) => {
                let signer = signed::authorize((parts, body), &access, &self.policy, &self.settings)?;
                Ok(Caller::Signed(signer))
            }
            (None, Auth::UserPool { .. }) => {
                let caller = self.authorize(auth, request, exchange).await?;
                self.policy.check(&access)?;
                Ok(caller)
            }
            (None, _) => self.authorize(auth, request, exchange).await,
        }
    }

    /// Whether who calls may have a reply that is kept made anew: who signed, and whose policies allow it.
    fn may_invalidate(&self, (parts, body): (&Parts, &Bytes), request: &RequestPart, caller: &Caller) -> bool {
        let access = Access { action: INVALIDATE.into(), ..signed::access(request, &self.settings) };
        matches!(caller, Caller::Signed(_))
            && signed::authorize((parts, body), &access, &self.policy, &self.settings).is_ok()
    }

    /// The caller of a key that is the API's, counted.
    fn key(&self, request: &RequestPart) -> Result<Caller, Refusal> {
        let sent = request.header("x-api-key").ok_or(Refusal::Forbidden)?;
        verify_slices_are_equal(sent.as_bytes(), self.settings.api_key.as_bytes()).map_err(|_| Refusal::Forbidden)?;
        self.usage.iter().try_for_each(|usage| usage.count(sent))?;
        Ok(Caller::HasKey(sent.to_owned()))
    }

    /// What the event says of the caller, where the method lets only some in.
    async fn authorize(&self, auth: &Auth, request: &RequestPart, exchange: &Exchange) -> Result<Caller, Refusal> {
        match auth {
            Auth::Public => Ok(Caller::Unknown),
            // Who signs was let in before.
            Auth::Iam => Err(Refusal::MissingAuthenticationToken),
            Auth::ApiKey => self.key(request),
            Auth::UserPool { pool, scopes, .. } => {
                let issuer = self.issuers.get(pool).ok_or(Refusal::AuthorizerConfiguration)?;
                let token = request.header("authorization");
                let member = cognito::authorize(issuer, scopes, token, self.clock.since_epoch())?;
                Ok(Caller::Authorized(exchange.authorized(member)))
            }
            Auth::Authorizer { function } => {
                let asked = self.authorizers.ask(function, request, &self.settings, &exchange.extended_id);
                let (decision, member) = asked.await?;
                let member = exchange.authorized(Value::Object(member));
                match self.policy.with_authorizer(&signed::access(request, &self.settings), decision) {
                    Decision::Allowed => Ok(Caller::Authorized(member)),
                    Decision::ExplicitlyDenied => Err(Refusal::Denied { explicitly: true }),
                    Decision::NotAllowed => Err(Refusal::Denied { explicitly: false }),
                }
            }
        }
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, Refusal> {
        let answer = tokio::time::timeout(INTEGRATION_TIMEOUT, (self.invoke)(function.into(), event)).await;
        answer.map_err(|_| Refusal::IntegrationTimeout)?.map_err(|error| refusal_of(&error))
    }

    /// The reply begins when the function has said its head; it takes as long as the function works, and never falls silent for long.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html>
    async fn stream(&self, function: &str, event: Bytes) -> Result<Response<Bytes>, Refusal> {
        let answer = streamed::invoke(&self.invoke_stream, function, event);
        let answer = tokio::time::timeout(self.stream_idle, answer).await.map_err(|_| Refusal::IntegrationTimeout)?;
        match answer.map_err(|error| refusal_of(&error))? {
            Answer::Streamed(head, body) => {
                let mut response = reply::head(head)?;
                StreamedBody::put(streamed::until_idle(body, self.stream_idle), &mut response);
                Ok(response)
            }
            Answer::Whole(_) => Err(Refusal::BadGateway), // API Gateway insists on the head
        }
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
        let request = Admitted::new(Kind::Rest, sent, parameters, &event, self.random.uuid());
        let answer = direct.answer(&request, &self.services, INTEGRATION_TIMEOUT).await;
        answer.map_err(|failure| match failure {
            Failure::Internal => Refusal::InternalServerError,
            Failure::InvalidBody => Refusal::InvalidBody(Vec::new()),
            Failure::UnsupportedMediaType => Refusal::UnsupportedMediaType,
            Failure::Unreachable => Refusal::NetworkError,
            Failure::TimedOut => Refusal::IntegrationTimeout,
        })
    }

    /// `Zt5sQGb4oAMF0rw=`
    fn extended_request_id(&self) -> String {
        STANDARD.encode(self.random.bytes::<11>())
    }
}

fn streaming(manifest: &Manifest) -> BTreeSet<String> {
    manifest.functions.iter().filter(|it| it.streaming).map(|it| it.name.clone()).collect()
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}

/// The limits are on the body, and on the request line and the values of the headers together.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
fn check_size(request: &Request<Bytes>) -> Result<(), Refusal> {
    if super::head_size(request) > HEADER_LIMIT {
        return Err(Refusal::HeadersTooLarge);
    }
    if request.body().len() > BODY_LIMIT {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(())
}

/// "The plain text pipe character and the curly brace characters are not supported for any request URL query string and must be
/// URL-encoded."
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>
fn checked_query(query: &str) -> Result<&str, Refusal> {
    if query.contains(['|', '{', '}']) { Err(Refusal::BadRequest) } else { Ok(query) }
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html#response-transfer-mode-considerations>
const fn stream_idle(endpoint: Endpoint) -> Duration {
    match endpoint {
        Endpoint::Regional | Endpoint::Private => Duration::from_secs(300),
        Endpoint::Edge => Duration::from_secs(30),
    }
}

/// What a REST API makes of a function that gave no answer: a failure is 502; a timeout of the function's own is one, unless it
/// is as long as the API waits. Lambda's own refusal for want of concurrency is an error of configuration to it, 500.
fn refusal_of(error: &InvokeError) -> Refusal {
    match error {
        InvokeError::TimedOut { seconds, .. } if u64::from(*seconds) >= INTEGRATION_TIMEOUT.as_secs() => {
            Refusal::IntegrationTimeout
        }
        InvokeError::Failed(_) | InvokeError::TimedOut { .. } | InvokeError::Exited { .. } => Refusal::BadGateway,
        InvokeError::Throttled | InvokeError::NotFound(_) => Refusal::InternalServerError,
        InvokeError::TooLarge(_) => Refusal::RequestTooLong,
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
