//! One signed request of the AWS JSON protocol, for services of which a function needs a call or two.
//!
//! The SDK of such a service would bring all its operations into the build of every application. What signs, sends and
//! retries here is what the SDK of DynamoDB is made of.

use std::fmt;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::{
    auth::{SigV4OperationSigningConfig, sigv4},
    retries::classifiers::AwsErrorCodeClassifier,
};
use aws_smithy_runtime::client::{
    http::connection_poisoning::ConnectionPoisoningInterceptor,
    orchestrator::operation::Operation,
    retries::{
        RetryPartition,
        classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier},
    },
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        auth::{
            AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
            static_resolver::StaticAuthSchemeOptionResolver,
        },
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError, SensitiveOutput},
        result::SdkError,
        runtime_components::RuntimeComponentsBuilder,
        runtime_plugin::StaticRuntimePlugin,
    },
    http::Headers,
};
use aws_smithy_types::{
    body::SdkBody,
    config_bag::Layer,
    error::{
        display::DisplayErrorContext,
        metadata::{ErrorMetadata, ProvideErrorMetadata},
    },
    retry::RetryConfig,
};
use aws_types::{SigningName, region::SigningRegion};
use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::bridge::Transport;

use super::{InProcess, SameWait, Variables, behavior_version, retries_in_process, retry_partition_in_process};
use crate::Scope;

/// A service that speaks AWS JSON 1.1, or takes JSON at paths.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its name in signatures and endpoints: `secretsmanager`.
    pub(crate) name: &'static str,
    /// What `x-amz-target` begins with, before the operation: `secretsmanager`. Empty, if a path says it instead.
    pub(crate) target: &'static str,
    /// The end of the variable that has its endpoint, `AWS_ENDPOINT_URL_…`: `SECRETS_MANAGER`.
    pub(crate) endpoint_variable: &'static str,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// The service says no.
    #[error("{code}: {message}")]
    Refused {
        /// The exception's name: `ResourceNotFoundException`.
        code: String,
        /// What it says.
        message: String,
    },
    /// The service could not be asked, or what it said is not what its documentation promises.
    #[error("{0}")]
    Failed(String),
}

/// Calls an operation of a service, as the function.
pub(crate) async fn call<O: DeserializeOwned>(
    scope: &Scope,
    service: &'static Service,
    operation: &'static str,
    input: &impl Serialize,
) -> Result<O, CallError> {
    scope.client(service).call(operation, input).await
}

/// Sends JSON to a path of a service, as the function.
pub(crate) async fn post(
    scope: &Scope,
    service: &'static Service,
    path: String,
    input: &impl Serialize,
) -> Result<Answer, CallError> {
    scope.client(service).send(path, None, input).await
}

/// What calls the operations of one service; clones share its connections.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    service: &'static Service,
    operation: Operation<Request, Answer, Refused>,
}

impl Client {
    /// A client for the environment with these variables. With a transport it does not use the network.
    pub(crate) fn new(service: &'static Service, variables: Variables<'_>, transport: Option<Transport>) -> Self {
        Self::at(&endpoint(service, variables), service, variables, transport)
    }

    /// The same for a service that is at this URL.
    pub(crate) fn at(
        url: &str,
        service: &'static Service,
        variables: Variables<'_>,
        transport: Option<Transport>,
    ) -> Self {
        let operation = Operation::builder()
            .service_name(service.name)
            .operation_name("call")
            .behavior_version(behavior_version())
            .endpoint_url(url)
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .interceptor(ConnectionPoisoningInterceptor::new())
            .runtime_plugin(signed(service, variables, transport.is_some()))
            .serializer(|request: Request| request.into_http())
            .deserializer(answer);
        let operation = match transport {
            None => operation.standard_retry(&RetryConfig::standard()),
            Some(transport) => operation
                .standard_retry(&retries_in_process())
                .sleep_impl(SameWait)
                .http_client(InProcess::new(transport)),
        };
        Self { service, operation: operation.build() }
    }

    async fn call<O: DeserializeOwned>(&self, operation: &str, input: &impl Serialize) -> Result<O, CallError> {
        let target = format!("{}.{operation}", self.service.target);
        let answer = self.send("/".into(), Some(target), input).await?;
        // serde's own words would quote what was read.
        serde_json::from_slice(answer.body())
            .map_err(|_| CallError::Failed(format!("the answer to {operation} is malformed")))
    }

    async fn send(&self, path: String, target: Option<String>, input: &impl Serialize) -> Result<Answer, CallError> {
        let body = serde_json::to_vec(input).map_err(|error| CallError::Failed(error.to_string()))?;
        self.request(Request { method: Method::POST, path, target, body }).await
    }

    /// Sends bytes to a path.
    pub(crate) async fn raw(&self, method: Method, path: String, body: Vec<u8>) -> Result<Answer, CallError> {
        self.request(Request { method, path, target: None, body }).await
    }

    async fn request(&self, request: Request) -> Result<Answer, CallError> {
        self.operation.invoke(request).await.map_err(|error| match error {
            SdkError::ServiceError(refused) => CallError::from(refused.into_err()),
            other => CallError::Failed(DisplayErrorContext(other).to_string()),
        })
    }
}

/// Who signs, for which service and where; and what is answered is nobody's business but the caller's.
fn signed(service: &'static Service, variables: Variables<'_>, in_process: bool) -> StaticRuntimePlugin {
    let mut config = Layer::new("aws json");
    config.store_put(AuthSchemeOptionResolverParams::new(()));
    config.store_put(SigV4OperationSigningConfig::default());
    config.store_put(SigningName::from_static(service.name));
    config.store_or_unset(variables.region().map(SigningRegion::from));
    config.store_put(SensitiveOutput);
    // The SDKs of services set it in their defaults, and the retries do not go without.
    config.store_put(if in_process { retry_partition_in_process() } else { RetryPartition::new(service.name) });
    let mut components = RuntimeComponentsBuilder::new("aws json");
    components.push_auth_scheme(SharedAuthScheme::new(sigv4::SigV4AuthScheme::new()));
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![sigv4::SCHEME_ID]),
    )));
    if let Some(credentials) = variables.credentials() {
        components.set_identity_resolver(sigv4::SCHEME_ID, SharedCredentialsProvider::new(credentials));
    }
    StaticRuntimePlugin::new().with_config(config.freeze()).with_runtime_components(components)
}

/// Regional endpoints are named alike; only in China under another domain.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html>
fn endpoint(service: &Service, variables: Variables<'_>) -> String {
    variables.endpoint(service.endpoint_variable).unwrap_or_else(|| {
        let region = variables.region().map_or_else(String::new, |region| region.to_string());
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://{}.{region}.{domain}", service.name)
    })
}

struct Request {
    method: Method,
    path: String,
    /// With the service's prefix: `secretsmanager.GetSecretValue`.
    target: Option<String>,
    body: Vec<u8>,
}

impl Request {
    fn into_http(self) -> Result<HttpRequest, BoxError> {
        let request = http::Request::builder()
            .method(self.method)
            .uri(self.path)
            .header(http::header::CONTENT_LENGTH, self.body.len());
        let request = match self.target {
            Some(target) => {
                request.header(http::header::CONTENT_TYPE, "application/x-amz-json-1.1").header("x-amz-target", target)
            }
            None => request.header(http::header::CONTENT_TYPE, "application/json"),
        };
        Ok(HttpRequest::try_from(request.body(SdkBody::from(self.body))?)?)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.target.as_deref().unwrap_or(&self.path))
    }
}

/// An answer. The SDK's own logging prints it by its `Debug`.
pub(crate) struct Answer {
    headers: Headers,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.get(name).is_some()
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.body.len())
    }
}

/// What the service says no with.
#[derive(Debug)]
struct Refused(ErrorMetadata);

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for CallError {
    fn from(Refused(error): Refused) -> Self {
        let text = |text: Option<&str>, otherwise: &str| text.unwrap_or(otherwise).to_owned();
        Self::Refused { code: text(error.code(), "Unknown"), message: text(error.message(), "it does not say why") }
    }
}

fn answer(response: &HttpResponse) -> Result<Answer, OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return Ok(Answer { headers: response.headers().clone(), body: body.to_vec() });
    }
    Err(OrchestratorError::operation(refused(response, body)))
}

/// Some services write `message` and some `Message`; the name may have a namespace before `#` and a place after `:`.
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>
fn refused(response: &HttpResponse, body: &[u8]) -> Refused {
    #[derive(Default, serde::Deserialize)]
    struct Body {
        #[serde(rename = "__type", alias = "code")]
        name: Option<String>,
        #[serde(alias = "Message")]
        message: Option<String>,
    }
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let name = response.headers().get("x-amzn-errortype").map(str::to_owned).or(body.name);
    let name = name.unwrap_or_else(|| format!("HTTP status {}", response.status().as_u16()));
    let name = name.split(':').next().unwrap_or_default();
    let name = name.rsplit('#').next().unwrap_or_default();
    let mut error = ErrorMetadata::builder().code(name);
    if let Some(message) = body.message {
        error = error.message(message);
    }
    Refused(error.build())
}
