//! AWS's own APIs on one endpoint, told apart as AWS's SDKs tell them apart.

use std::sync::{Arc, OnceLock, Weak};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use skyloom_manifest::{Api, Manifest, bridge::Transport};

use crate::{
    access::Access,
    account::Account,
    codedeploy,
    cognito::{self, Cognito},
    cognito_identity::{self, WithToken},
    fault::{Call, Faults},
    gateway::websocket::{self, Target},
    iam::{Caller, Iam, Protocol, Refusal},
    identities::Joined,
    lambda::Lambda,
    streamed_body::StreamedBody,
    sts::{self, CallerIdentity},
};

/// The endpoint of one version of the application. Every call is authenticated, and authorized by the caller's policy.
pub(crate) struct Aws {
    account: Arc<Account>,
    iam: Iam,
    faults: Faults,
    lambda: OnceLock<Lambda>,
    /// The WebSocket APIs of this version.
    sockets: Vec<Api>,
    /// Itself, for what a service asks of another.
    own: Weak<Self>,
}

/// The services that are there.
enum Service<'a> {
    DynamoDb {
        target: &'a str,
    },
    Cognito {
        target: &'a str,
    },
    CodeDeploy {
        target: &'a str,
    },
    CognitoIdentity {
        target: &'a str,
    },
    Lambda,
    SecretsManager {
        target: &'a str,
    },
    Sts,
    /// The management API of WebSocket APIs.
    Connections(Target),
    /// A user pool's domain.
    Domain,
    /// Documents that anyone may read.
    Discovery,
    Preflight,
    Unknown,
}

impl Aws {
    pub(crate) fn new(manifest: &Manifest, account: Arc<Account>, iam: Iam, faults: Faults) -> Arc<Self> {
        let sockets = manifest.apis.iter().filter(|api| api.websocket().is_some()).cloned().collect();
        Arc::new_cyclic(|own| Self { account, iam, faults, lambda: OnceLock::new(), sockets, own: Weak::clone(own) })
    }

    /// Lambda itself calls this endpoint, so it comes to know it afterwards.
    pub(crate) fn connect(&self, lambda: Lambda) {
        let _ = self.lambda.set(lambda); // called once, by the runner that makes both
    }

    /// The endpoint as a value, for who is in the same process. It does not keep the endpoint alive.
    pub(crate) fn transport(self: &Arc<Self>) -> Transport {
        let endpoint = Arc::downgrade(self);
        Arc::new(move |request| {
            let endpoint = Weak::clone(&endpoint);
            Box::pin(async move {
                match endpoint.upgrade() {
                    Some(endpoint) => {
                        let mut response = endpoint.answer(request).await;
                        StreamedBody::collect(&mut response).await;
                        response
                    }
                    None => plain(StatusCode::SERVICE_UNAVAILABLE, "the application has ended"),
                }
            })
        })
    }

    /// Answers any request to any of the services.
    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        match Service::of(&request, &self.account) {
            Service::DynamoDb { target } => self.dynamodb(target, &request).await,
            Service::Cognito { target } => self.cognito(target, &request).await,
            Service::CognitoIdentity { target } => self.cognito_identity(target, &request),
            Service::CodeDeploy { target } => self.codedeploy(target, &request),
            Service::Lambda => self.lambda(request).await,
            Service::SecretsManager { target } => self.secrets_manager(target, &request),
            Service::Sts => self.sts(&request),
            Service::Connections(target) => self.connections(&target, &request),
            Service::Domain => self.domain(&request).await,
            Service::Discovery => match self.account.cognito().handle_get(request.uri().path()) {
                Some(document) => document,
                None => plain(StatusCode::NOT_FOUND, "there is no user pool of this id"),
            },
            Service::Preflight => self.account.cognito().preflight(),
            Service::Unknown => plain(
                StatusCode::NOT_FOUND,
                "this endpoint has DynamoDB, DynamoDB Streams, Cognito user and identity pools, Lambda, Secrets Manager, what hooks ask of \
                 CodeDeploy, connections of WebSocket APIs, and STS; the application's own API is on the gateway's port",
            ),
        }
    }

    /// Who may do what.
    pub(crate) fn iam(&self) -> &Iam {
        &self.iam
    }

    async fn dynamodb(&self, target: &str, request: &Request<Bytes>) -> Response<Bytes> {
        let dynamodb = &self.account.dynamodb;
        let needed = dynamodb.required_access(target, request.body());
        let on = needed.iter().map(|access| name_of(&access.resource).to_owned()).collect();
        match self.allow(request, "dynamodb", needed) {
            Ok(caller) => {
                let function = self.function(&caller);
                let call = Call { function, target, on, body: request.body() };
                self.faults.call(call, |body| dynamodb.handle(target, body)).await
            }
            Err(refusal) => refusal.respond(Protocol::Json10, &self.request_id()),
        }
    }

    /// The caller's name in the manifest, if it is a function.
    fn function(&self, caller: &Caller) -> Option<String> {
        let Caller::Function(role) = caller else { return None };
        let prefix = self.account.site.physical_name("");
        Some(role.name().strip_prefix(&prefix).unwrap_or(role.name()).to_owned())
    }

    async fn cognito(&self, target: &str, request: &Request<Bytes>) -> Response<Bytes> {
        if let Some(needed) = cognito::required_access(&self.account.site, target, request.body())
            && let Err(refusal) = self.allow(request, "cognito-idp", [Access::from(needed)])
        {
            return refusal.respond(Protocol::Json11, &self.request_id());
        }
        let Some(lambda) = self.lambda.get() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "the application is still starting");
        };
        let (account, body) = (&self.account, request.body());
        let talk = Cognito::talk(target, body);
        let result = cognito::talk(&lambda.as_invoke(), talk, |talk| account.cognito().call(talk, target, body)).await;
        self.account.cognito().answer(result)
    }

    fn cognito_identity(&self, target: &str, request: &Request<Bytes>) -> Response<Bytes> {
        let identities = &self.account.identities;
        if let Some(needed) = identities.required_access(target, request.body())
            && let Err(refusal) = self.allow(request, "cognito-identity", [Access::from(needed)])
        {
            return refusal.respond(Protocol::Json11, &self.request_id());
        }
        identities.handle(target, request.body(), &Joined { account: &self.account, iam: &self.iam })
    }

    /// The sign-in page and what is behind it. What another provider has to be asked is asked while nothing is locked.
    async fn domain(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let Some(lambda) = self.lambda.get() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "the application is still starting");
        };
        let (account, invoke) = (&self.account, lambda.as_invoke());
        match cognito::visit(|| account.cognito(), &invoke, request).await {
            cognito::Step::Answer(response) => response,
            cognito::Step::Ask(question) => {
                let secret = account.secrets.text_of(question.secret());
                let learned = question.ask(&self.fetch(), secret).await;
                cognito::finish(|| account.cognito(), &invoke, learned).await
            }
        }
    }

    /// Asks another server. What is emulated here is asked here, so that a pool can be the provider of another one.
    fn fetch(&self) -> cognito::Fetch {
        let (own, account) = (Weak::clone(&self.own), Arc::clone(&self.account));
        Arc::new(move |request| {
            let url = request.uri().to_string();
            let is_own = account.cognito().serves(&url);
            match own.upgrade().filter(|_| is_own) {
                Some(own) => Box::pin(async move { Ok(own.answer(request).await) }),
                None => account.reach_out(request),
            }
        })
    }

    fn codedeploy(&self, target: &str, request: &Request<Bytes>) -> Response<Bytes> {
        let codedeploy = &self.account.codedeploy;
        let needed = codedeploy.required_access(target, request.body()).map(Access::from);
        match self.allow(request, "codedeploy", needed) {
            Ok(_) => codedeploy.handle(target, request.body()),
            Err(refusal) => refusal.respond(Protocol::Json11, &self.request_id()),
        }
    }

    async fn lambda(&self, request: Request<Bytes>) -> Response<Bytes> {
        let Some(lambda) = self.lambda.get() else {
            return plain(StatusCode::SERVICE_UNAVAILABLE, "the application is still starting");
        };
        match self.allow(&request, "lambda", lambda.required_access(&request).map(Access::from)) {
            Ok(_) => lambda.handle_api(request).await,
            Err(refusal) => refusal.respond(Protocol::RestJson, &self.request_id()),
        }
    }

    fn secrets_manager(&self, target: &str, request: &Request<Bytes>) -> Response<Bytes> {
        let secrets = &self.account.secrets;
        match self.allow(request, "secretsmanager", [secrets.required_access(target, request.body())]) {
            Ok(_) => secrets.handle(target, request.body()),
            Err(refusal) => refusal.respond(Protocol::Json11, &self.request_id()),
        }
    }

    /// Answers a request at the port of a WebSocket API, if it is one to its management API.
    pub(crate) fn manage(&self, api: &str, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let target = websocket::target(request, &self.account.connections)?;
        let api_id = self.sockets.iter().find(|it| it.name == api).map(|api| self.account.site.api_id(api));
        Some(self.connections(&Target { api_id, ..target }, request))
    }

    fn connections(&self, target: &Target, request: &Request<Bytes>) -> Response<Bytes> {
        let api = self.api_of(target);
        let arn = |api| self.account.site.connection_arn(api, target.method, &target.connection_id);
        let needed = Access::new("execute-api:ManageConnections", api.map_or_else(String::new, arn));
        let caller = self.iam.authenticate_for_api(request);
        match caller.and_then(|caller| Ok(self.iam.authorize(&caller, &needed)?)) {
            // Whoever may reach the connections of one API reaches no other's by it.
            Ok(_) if target.api.is_some() && target.api.as_ref() != api.map(|api| &api.name) => websocket::gone(),
            Ok(()) => websocket::manage(&self.account.connections, target, request.body(), self.account.clock.now()),
            Err(refusal) => refusal.respond(Protocol::RestJson, &self.request_id()),
        }
    }

    /// The API whose connection is meant. One that is gone belongs to the API that the request names, or to the only one.
    fn api_of(&self, target: &Target) -> Option<&Api> {
        let site = &self.account.site;
        let is_meant = |api: &&Api| match (&target.api, &target.api_id) {
            (_, Some(id)) => site.api_id(api) == *id,
            (Some(name), None) => api.name == *name,
            (None, None) => true,
        };
        self.sockets.iter().find(is_meant)
    }

    fn sts(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let request_id = self.request_id();
        let query = request.uri().query().unwrap_or_default();
        if let Some(asked) = sts::WithWebIdentity::of(query, request.body()) {
            let session = self.with_web_identity(&asked);
            return sts::answer_web_identity(session, &request_id);
        }
        match self.iam.authenticate(request, "sts") {
            Ok(caller) => {
                let identity =
                    CallerIdentity { account: caller.account().into(), arn: caller.arn(), user_id: caller.user_id() };
                sts::handle(&identity, request.uri().query().unwrap_or_default(), request.body(), &request_id)
            }
            Err(refusal) => refusal.respond(Protocol::Query, &request_id),
        }
    }

    /// Whoever brings a token of an identity pool needs no signature.
    fn with_web_identity(&self, asked: &sts::WithWebIdentity) -> Result<sts::WebIdentity, (&'static str, String)> {
        let request = WithToken {
            role_arn: &asked.role_arn,
            session: &asked.session,
            token: &asked.token,
            policy: asked.policy.as_deref(),
            seconds: asked.seconds.as_deref(),
        };
        let around = Joined { account: &self.account, iam: &self.iam };
        let (credentials, identity) = self
            .account
            .identities
            .assume_with_token(&around, request)
            .map_err(|error| (error.code(), error.to_string()))?;
        Ok(sts::WebIdentity {
            subject: identity.identity_id,
            audience: identity.pool_id,
            arn: credentials.arn,
            role_id: credentials.role_id,
            access_key_id: credentials.access_key_id,
            secret_access_key: credentials.secret_access_key,
            session_token: credentials.session_token,
            expires: credentials.expires,
        })
    }

    /// Who calls, if they may do all of this.
    fn allow(
        &self,
        request: &Request<Bytes>,
        service: &str,
        needed: impl IntoIterator<Item = Access>,
    ) -> Result<Caller, Refusal> {
        let caller = self.iam.authenticate(request, service)?;
        for access in needed {
            self.iam.authorize(&caller, &access)?;
        }
        Ok(caller)
    }

    fn request_id(&self) -> String {
        self.account.random.uuid()
    }
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aws").finish_non_exhaustive()
    }
}

impl<'a> Service<'a> {
    fn of(request: &'a Request<Bytes>, account: &Account) -> Self {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let path = request.uri().path();
        if let Some(target) = websocket::target(request, &account.connections) {
            return Self::Connections(target);
        }
        if cognito::Cognito::is_for_domain(request) && request.method() != Method::OPTIONS {
            return Self::Domain;
        }
        match header("x-amz-target") {
            Some(target) if target.starts_with("DynamoDB") => return Self::DynamoDb { target },
            Some(target) if target.starts_with("AWSCognitoIdentityProviderService.") => {
                return Self::Cognito { target };
            }
            Some(target) if target.starts_with(cognito_identity::TARGET) => {
                return Self::CognitoIdentity { target };
            }
            Some(target) if target.starts_with(codedeploy::TARGET) => return Self::CodeDeploy { target },
            Some(target) if target.starts_with("secretsmanager.") => return Self::SecretsManager { target },
            Some(_) => return Self::Unknown,
            None => {}
        }
        let is_form =
            header(header::CONTENT_TYPE.as_str()).is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"));
        let has_action =
            request.uri().query().is_some_and(|query| query.split('&').any(|it| it.starts_with("Action=")));
        match *request.method() {
            _ if path.starts_with("/2015-03-31/") || path.starts_with("/2021-11-15/") => Self::Lambda,
            Method::OPTIONS => Self::Preflight,
            Method::GET if path.contains("/.well-known/") => Self::Discovery,
            Method::POST if is_form && path == "/" => Self::Sts,
            Method::GET if has_action => Self::Sts,
            _ => Self::Unknown,
        }
    }
}

/// What an ARN of DynamoDB calls a table or an index: `orders-Order/index/ByStatus`.
fn name_of(resource: &str) -> &str {
    resource.split_once(":table/").map_or(resource, |(_, name)| name)
}

fn plain(status: StatusCode, message: &str) -> Response<Bytes> {
    let body = serde_json::json!({ "message": message }).to_string();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
