//! One application with everything of AWS that it needs, joined. Only this module knows more than one emulator.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::IpAddr,
    sync::Arc,
    time::SystemTime,
};

use bytes::Bytes;
use serde_json::{Map, Value};
use skyloom_manifest::{
    Api, Function, Manifest, Problem, Resource,
    bridge::{
        Application, CURSOR_KEY_VARIABLE, Environment, connections_variable, secret_variable, table_variable,
        version_variable,
    },
};

use crate::{
    access::May,
    account::Account,
    aws::Aws,
    clock::Clock,
    codedeploy::HookStatus,
    cognito::{self, Cognito, Forged, Talk},
    cognito_identity,
    dynamodb::TableError,
    event_log::Event,
    event_source::{Checkpoint, EventSources},
    fault::{Faults, cause},
    gateway::{
        self, Backends, Entrance, Served, Socket, WebSocketApi,
        websocket::{Closing, Ended, Incoming},
    },
    iam::{self, Credentials, Iam},
    identities::{self, Joined},
    integrations,
    invoke::InvokeError,
    lambda::{self, Backend, Lambda, LogSink, Record},
    local::User,
    outbox::Outbox,
    policy::PolicyError,
    random::Random,
    schedule::Schedules,
    signed::{Signatures, Unsigned},
    site::{SOCKET_STAGE, Site},
    upstream::Upstreams,
};

/// Work that makes new work so often without the clock moving does not end.
const ROUNDS_WITHOUT_REST: usize = 1_000;

/// A version of an application at work. The [`Account`] outlives it.
pub(crate) struct Runner {
    manifest: Manifest,
    clock: Clock,
    account: Arc<Account>,
    aws: Arc<Aws>,
    lambda: Lambda,
    /// By the name of the API, or of the function whose URL it is.
    gateways: BTreeMap<String, Served>,
    /// The WebSocket APIs, by name.
    sockets: BTreeMap<String, WebSocketApi>,
    sources: EventSources,
    schedules: Schedules,
    outbox: Outbox,
    upstreams: Upstreams,
    faults: Faults,
}

/// What a runner is made of.
pub(crate) struct Parts {
    pub(crate) manifest: Manifest,
    pub(crate) account: Arc<Account>,
    /// By which the age of signatures is judged, if it is.
    pub(crate) signature_clock: Option<Clock>,
    /// Where an API is said to be.
    pub(crate) gateway: Box<dyn Fn(&Entrance) -> gateway::Settings + Send>,
    /// Beside keys and tables.
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) log: LogSink,
    pub(crate) backend: BackendOf,
    pub(crate) upstreams: Upstreams,
    pub(crate) faults: Faults,
}

/// What the functions run in.
pub(crate) enum BackendOf {
    /// This process.
    Linked(Application),
    /// Processes of the application's binary.
    Binary(std::path::PathBuf),
}

/// Why an application cannot run on this machine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunnerError {
    #[error("the application breaks rules:\n{}", lines(.0))]
    Invalid(Vec<Problem>),
    #[error(transparent)]
    Tables(#[from] TableError),
    #[error("a permission cannot be enforced on this machine: {0}")]
    Policy(#[from] PolicyError),
    #[error("{0}")]
    Filter(String),
    #[error("{0}")]
    Schedule(String),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Runner {
    /// An application that is linked into this process, with its own empty state.
    pub(crate) fn in_process(
        application: Application,
        manifest: Manifest,
        clock: Clock,
        faults: Faults,
    ) -> Result<Arc<Self>, RunnerError> {
        let site = Site::of_test(application.name);
        let account = Account::in_memory(&manifest, site.clone(), clock, Random::seeded(faults.seed()))?;
        let parts = Parts {
            manifest,
            account: Arc::new(account),
            signature_clock: None,
            gateway: Box::new(move |entrance| entrance.settings(&site)),
            variables: BTreeMap::new(),
            log: Arc::new(|_, _| {}),
            backend: BackendOf::Linked(application),
            upstreams: Upstreams::of_test(),
            faults,
        };
        Ok(Arc::new(Self::new(parts)?))
    }

    pub(crate) fn new(parts: Parts) -> Result<Self, RunnerError> {
        let Parts { manifest, account, signature_clock, gateway, variables, log, backend, upstreams, faults } = parts;
        let Account { site, clock, random, .. } = &*account;
        account.dynamodb.create_tables(&manifest)?;
        let iam = Iam::new(&manifest, site, signature_clock, (clock, random))?;
        let iam = iam.with_sessions(identities::roles(&manifest, site, random)?, account.sessions.clone());
        let variables = manifest.functions.iter().map(|function| {
            let mut all = variables.clone();
            let endpoint = variables.get("AWS_ENDPOINT_URL").map(String::as_str);
            all.extend(given_to(&manifest, function, (&iam, &account), endpoint));
            (function.name.clone(), all)
        });
        let variables = variables.collect();
        let aws = Aws::new(&manifest, Arc::clone(&account), iam, faults.clone());
        let backend = match backend {
            BackendOf::Linked(application) => Backend::InProcess { application, aws: aws.transport() },
            BackendOf::Binary(path) => Backend::Processes { binary: path },
        };
        let of_roles = Arc::downgrade(&aws); // Lambda is part of what it asks
        let may: May =
            Arc::new(move |function, access| of_roles.upgrade().is_some_and(|aws| aws.iam().may(function, access)));
        let outbox = Outbox::default();
        let told = (may.clone(), outbox.clone());
        let settings =
            lambda::Settings { backend, variables, log, faults: faults.clone(), may: told.0, outbox: told.1 };
        let lambda = Lambda::new(&manifest, site.clone(), clock.clone(), random.clone(), settings);
        aws.connect(lambda.clone());
        let invoke = lambda.as_invoke();
        let issuers = account.issuers();
        let of_callers = Arc::downgrade(&aws);
        let signatures = Signatures::new(move |request, access, resource| {
            of_callers.upgrade().ok_or(Unsigned::Missing)?.iam().judge_route(request, access, resource)
        });
        let sockets = manifest.apis.iter().filter_map(|api| {
            let settings = gateway(&Entrance::Api(Box::new(api.clone()))).judged_by(signatures.clone());
            let of = (api, api.websocket()?, settings);
            let time = (clock.clone(), random.clone());
            let socket = WebSocketApi::new(&manifest, of, account.connections.clone(), time, invoke.clone());
            Some((api.name.clone(), socket))
        });
        let sockets = sockets.collect();
        let services = integrations::services(&manifest, &account, &outbox, upstreams.as_forward())?;
        let gateways = Entrance::all(&manifest).into_iter().filter_map(|entrance| {
            let settings = gateway(&entrance).judged_by(signatures.clone());
            let time = (clock.clone(), random.clone());
            let backends = Backends::new(invoke.clone(), lambda.as_invoke_stream(), services.clone());
            let served = Served::new(&manifest, (&entrance, settings), time, backends, issuers.clone())?;
            Some((entrance.name().to_owned(), served))
        });
        let gateways = gateways.collect();
        let delivering = faults.delivering(&manifest, invoke.clone());
        let time = (clock.clone(), random.clone());
        let sources =
            EventSources::new(&manifest, account.clone(), delivering, time, site).map_err(RunnerError::Filter)?;
        let sources = sources.permitted_by(may).telling(outbox.clone());
        let enqueue = lambda.as_enqueue("its schedule");
        let schedules =
            Schedules::new(&manifest, enqueue, clock.clone(), site.clone()).map_err(RunnerError::Schedule)?;
        Ok(Self {
            manifest,
            clock: clock.clone(),
            account,
            aws,
            lambda,
            gateways,
            sources,
            schedules,
            outbox,
            upstreams,
            faults,
            sockets,
        })
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(crate) fn account(&self) -> &Arc<Account> {
        &self.account
    }

    pub(crate) fn aws(&self) -> &Arc<Aws> {
        &self.aws
    }

    pub(crate) fn lambda(&self) -> &Lambda {
        &self.lambda
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// The name of the API that takes requests which name none.
    pub(crate) fn default_api(&self) -> &str {
        self.manifest.default_api().map_or(Api::UNDECLARED, |api| &api.name)
    }

    /// Signs a request to an API as of now.
    pub(crate) fn sign(&self, api: &str, request: &mut http::Request<Bytes>, credentials: &Credentials) {
        if let Some(host) = self.gateways.get(api).and_then(|api| api.domain_name().parse().ok()) {
            request.headers_mut().entry(http::header::HOST).or_insert(host);
        }
        let now = jiff::Timestamp::try_from(self.now()).unwrap_or_default();
        let moment = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let (method, uri, body) = (request.method().clone(), request.uri().clone(), request.body().clone());
        let service = self.gateways.get(api).map_or(iam::SERVICE, Served::service);
        let signed = (&*moment, &*self.account.site.region, service);
        iam::sign((method.as_str(), &uri, &body), request.headers_mut(), credentials, signed);
    }

    /// The key that a REST API takes.
    pub(crate) fn api_key(&self, api: &str) -> Option<&str> {
        self.gateways.get(api).and_then(Served::api_key)
    }

    /// Answers a request to an API.
    pub(crate) async fn gateway(
        &self,
        api: &str,
        request: http::Request<Bytes>,
        from: IpAddr,
    ) -> http::Response<Bytes> {
        if let Some(socket) = self.sockets.get(api) {
            return socket.refuse_request();
        }
        let Some(gateway) = self.gateways.get(api) else { return gateway::no_api() };
        if !self.faults.log.is_kept() {
            return gateway.handle(request, from).await;
        }
        let line = format!("{} {}", request.method(), request.uri());
        self.faults.log.add(|| Event::Request(line.clone()));
        let response = cause(&*line, gateway.handle(request, from)).await;
        self.faults.log.add(|| Event::Reply { request: line, status: response.status().as_u16() });
        response
    }

    /// Answers a request whose body is longer than the API takes.
    pub(crate) fn refuse_body(&self, api: &str) -> http::Response<Bytes> {
        if let Some(socket) = self.sockets.get(api) {
            return socket.refuse_request(); // as any request that begins no connection
        }
        self.gateways.get(api).map_or_else(gateway::no_api, Served::refuse_body)
    }

    /// Lets a client connect to a WebSocket API, or answers as the API would.
    pub(crate) async fn connect(
        &self,
        api: &str,
        request: &http::Request<Bytes>,
        from: IpAddr,
    ) -> Result<Socket, http::Response<Bytes>> {
        let Some(socket) = self.sockets.get(api) else { return Err(gateway::no_api()) };
        let line = format!("connect to {api}");
        self.faults.log.add(|| Event::Request(line.clone()));
        let result = cause(&*line, socket.connect(request, from)).await;
        let status = result.as_ref().map_or_else(|refused| refused.status().as_u16(), |_| 101);
        self.faults.log.add(|| Event::Reply { request: line, status });
        result
    }

    /// Takes what a client of a WebSocket API sent, and returns when it is handled.
    pub(crate) async fn receive(&self, api: &str, connection: &str, incoming: Incoming) {
        if let Some(socket) = self.sockets.get(api) {
            cause(format!("a message to {api}"), socket.receive(connection, incoming)).await;
            self.end_connections().await;
        }
    }

    /// A client of a WebSocket API has closed its connection, or is gone.
    pub(crate) async fn hung_up(&self, connection: &str, how: impl Into<Closing>) {
        if let Some(ended) = self.account.connections.hung_up(connection, how) {
            self.tell_ended(&ended).await;
        }
    }

    /// Ends connections whose time is over, and tells the functions of all that were closed from here.
    async fn end_connections(&self) {
        let ended = self.account.connections.take_ended(self.clock.now());
        futures_util::future::join_all(ended.iter().map(|ended| self.tell_ended(ended))).await;
    }

    async fn tell_ended(&self, ended: &Ended) {
        if let Some(socket) = self.sockets.get(&ended.api) {
            cause(format!("the end of a connection to {}", ended.api), socket.ended(ended)).await;
        }
    }

    pub(crate) async fn invoke(&self, function: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        self.lambda.invoke(function, event).await
    }

    /// Runs a hook as in a deployment of the first function that names it, and returns what it told CodeDeploy.
    ///
    /// # Errors
    /// There is no such hook, or it told CodeDeploy nothing, and why.
    pub(crate) async fn hook(&self, name: &str) -> Result<HookStatus, String> {
        let function = self.manifest.checked_by(name).next();
        let function = function.ok_or_else(|| format!("no function's `deployment` names a hook `{name}`"))?;
        let codedeploy = &self.account.codedeploy;
        let event = codedeploy.begin(&function.name, &self.account.random);
        let payload = serde_json::to_vec(&event).map_err(|error| error.to_string())?;
        let ended = self.invoke(name, payload.into()).await;
        match codedeploy.status(&event.lifecycle_event_hook_execution_id) {
            Some(status) => Ok(status),
            None => Err(ended.map_or_else(|error| error.to_string(), |_| "it told CodeDeploy nothing".into())),
        }
    }

    /// Hands an event to a function without waiting for it.
    pub(crate) fn enqueue(&self, function: &str, event: Bytes) -> Result<(), InvokeError> {
        self.lambda.enqueue(function, event, "the test")
    }

    /// Runs all that is due now, once, and says whether something was.
    pub(crate) async fn run_due(&self) -> Result<bool, String> {
        let was_due = self.next_due().is_some_and(|due| due <= self.clock.now());
        let expired = self.account.dynamodb.expire_items()?;
        if expired > 0 {
            self.faults.log.add(|| Event::Expired(expired));
        }
        let delivered = self.sources.run_due().await;
        self.schedules.run_due();
        self.end_connections().await;
        self.lambda.run_due().await;
        Ok(was_due || delivered > 0)
    }

    /// The same for a server, where a slow function delays no other: what is under way is left alone.
    pub(crate) async fn run_idle(&self) -> Result<(), String> {
        self.account.dynamodb.expire_items()?;
        self.schedules.skip_missed();
        self.schedules.run_due();
        tokio::join!(self.sources.run_idle(), self.lambda.run_due(), self.end_connections());
        Ok(())
    }

    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        let due = [
            self.account.dynamodb.next_expiry(),
            self.sources.next_due(),
            self.schedules.next_due(),
            self.lambda.next_due(),
            self.account.connections.next_due(),
        ];
        due.into_iter().flatten().min()
    }

    /// Runs until nothing is due.
    ///
    /// # Errors
    /// A report, if the work makes new work without end.
    pub(crate) async fn settle(&self) -> Result<(), String> {
        for _ in 0..ROUNDS_WITHOUT_REST {
            if !self.run_due().await? {
                return Ok(());
            }
        }
        Err(self.restless())
    }

    /// What to say of work without end.
    fn restless(&self) -> String {
        let log = &self.faults.log;
        let busiest = log.busiest().into_iter().take(8).map(|(what, count)| format!("  {count:>6} × {what}"));
        let last = log.tail(12).into_iter().map(|line| format!("  {line}"));
        format!(
            "the application does not come to rest: after {ROUNDS_WITHOUT_REST} rounds there is still something due. Does a \
             stream handler write to the table whose stream it reads, or to one that leads back to it? A condition on the \
             write, or a filter, ends the circle.\nwho did what, how often:\n{}\nthe last events:\n{}",
            busiest.collect::<Vec<_>>().join("\n"),
            last.collect::<Vec<_>>().join("\n")
        )
    }

    /// What has happened, and which faults there were.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What destinations got.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The servers behind routes without a function.
    pub(crate) fn upstreams(&self) -> &Upstreams {
        &self.upstreams
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.sources.checkpoint()
    }

    pub(crate) fn restore(&self, checkpoint: &Checkpoint) {
        self.sources.restore(checkpoint);
    }

    /// Signs a user of a pool in; one with scopes gets them in the access token.
    pub(crate) async fn sign_in(
        &self,
        pool: &str,
        name: &str,
        groups: &[String],
        scopes: &[String],
        claims: BTreeMap<String, Value>,
    ) -> Result<User, cognito::Error> {
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let mut extra: Map<String, Value> = claims.into_iter().collect();
        if !scopes.is_empty() {
            extra.insert("scope".into(), scopes.join(" ").into());
        }
        let account = &self.account;
        let sign_in = |talk: &mut Talk| account.cognito().sign_in(talk, (pool, name), &groups, &extra);
        let tokens = cognito::talk(&self.lambda.as_invoke(), Talk::default(), sign_in).await?;
        let (id_token, access_token, refresh_token) = (tokens.id, tokens.access, tokens.refresh);
        Ok(User { id_token, access_token, refresh_token, prefer_access: !scopes.is_empty() })
    }

    /// Credentials of an identity pool: of the user whose ID token is given, or of a new guest.
    pub(crate) fn identity_credentials(&self, pool: &str, id_token: Option<&str>) -> Result<Credentials, String> {
        let around = Joined { account: &self.account, iam: self.aws.iam() };
        let identities = &self.account.identities;
        let declared = self.manifest.identity_pool(pool).ok_or("the application has no such identity pool")?;
        let id = identities.summaries().into_iter().find(|it| it.name == pool).map(|it| it.id);
        let providers = declared.providers.iter().filter_map(|name| cognito_identity::Around::provider(&around, name));
        let of_user = |token: &str| {
            let mut own = providers.filter(|name| cognito_identity::Around::claims(&around, name, token).is_ok());
            let provider = own.next().ok_or("the token is of none of its user pools, or has expired")?;
            Ok::<_, String>(serde_json::json!({ provider: token }))
        };
        let logins = id_token.map(of_user).transpose()?.unwrap_or_default();
        let call = |operation: &str, body: Value| -> Result<Value, String> {
            let target = format!("{}{operation}", cognito_identity::TARGET);
            let response = identities.handle(&target, body.to_string().as_bytes(), &around);
            let body: Value = serde_json::from_slice(response.body()).map_err(|error| error.to_string())?;
            if response.status().is_success() {
                Ok(body)
            } else {
                Err(body["message"].as_str().unwrap_or_default().into())
            }
        };
        let identity = call("GetId", serde_json::json!({ "IdentityPoolId": id, "Logins": logins }))?;
        let request = serde_json::json!({ "IdentityId": identity["IdentityId"], "Logins": logins });
        let made = call("GetCredentialsForIdentity", request)?;
        let text = |name: &str| made["Credentials"][name].as_str().unwrap_or_default().to_owned();
        Ok(Credentials {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretKey"),
            session_token: text("SessionToken"),
        })
    }

    /// Calls an operation of Cognito as whoever may do everything. An error is Cognito's exception.
    pub(crate) async fn cognito(&self, operation: &str, input: &str) -> Result<Value, String> {
        let (account, body) = (&self.account, input.as_bytes());
        let call = |talk: &mut Talk| account.cognito().call(talk, operation, body);
        let answer = cognito::talk(&self.lambda.as_invoke(), Cognito::talk(operation, body), call).await;
        answer.map_err(|error| format!("{}: {error}", error.code()))
    }

    /// Makes tokens of a user with something wrong.
    pub(crate) fn forge(&self, pool: &str, name: &str, how: &Forged) -> Result<User, cognito::Error> {
        let tokens = self.account.cognito().forge(pool, name, how)?;
        let (id_token, access_token, refresh_token) = (tokens.id, tokens.access, tokens.refresh);
        Ok(User { id_token, access_token, refresh_token, prefer_access: false })
    }

    /// Gives a secret of the application a value. There may be none of that name.
    pub(crate) fn set_secret(&self, name: &str, text: String) -> bool {
        let secret = self.manifest.secret(name);
        secret.inspect(|secret| self.account.secrets.set(secret, text)).is_some()
    }

    /// An environment with the rights of whoever has these credentials, which knows every table.
    pub(crate) fn environment_of(&self, credentials: &Credentials) -> Environment {
        let owners = self.owner_environment();
        let mut variables = (*owners.variables).clone();
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key),
            ("AWS_SESSION_TOKEN", &credentials.session_token),
        ] {
            variables.insert(name.into(), value.clone());
        }
        Environment { variables: Arc::new(variables), ..owners }
    }

    /// An environment with the rights of the account's owner, which knows every table.
    pub(crate) fn owner_environment(&self) -> Environment {
        let site = &self.account.site;
        let tables = self.manifest.tables.iter().map(|table| &table.name);
        let mut variables: BTreeMap<_, _> =
            tables.map(|table| (table_variable(table), site.physical_name(table))).collect();
        let owner = [("AWS_REGION", &*site.region), ("AWS_ACCESS_KEY_ID", "owner"), ("AWS_SECRET_ACCESS_KEY", "owner")];
        variables.extend(owner.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Environment {
            variables: Arc::new(variables),
            aws: self.aws.transport(),
            log: Arc::new(|_| {}),
            now: self.clock.teller(),
        }
    }

    pub(crate) fn logs(&self, function: &str) -> Vec<String> {
        self.records(function).flat_map(|record| record.log).collect()
    }

    pub(crate) fn invocation_count(&self, function: &str) -> usize {
        self.records(function).count()
    }

    fn records(&self, function: &str) -> impl Iterator<Item = Record> {
        self.lambda.invocations().into_iter().filter(move |record| record.function == function)
    }

    /// What every invocation logged, and what was given up, for who looks for the reason of a failure.
    pub(crate) fn report(&self) -> String {
        use fmt::Write as _;
        let mut report = String::new();
        for record in self.lambda.invocations() {
            let _ = writeln!(report, "--- {}\n{record}", record.function); // writing to a string does not fail
        }
        for failure in self.sources.failures() {
            let _ = writeln!(report, "--- delivery: {failure}");
        }
        for discarded in self.sources.discarded() {
            let _ = writeln!(report, "--- given up: {discarded}");
        }
        for failure in self.lambda.failed_events() {
            let _ = writeln!(report, "--- event: {failure}");
        }
        report
    }
}

/// The environment variables that the deployed function would have beside Lambda's own: keys, the names of the tables and secrets that
/// its permissions name, the versions that it checks as a hook, and what its handler says.
fn given_to(
    manifest: &Manifest,
    function: &Function,
    (iam, account): (&Iam, &Account),
    endpoint: Option<&str>,
) -> BTreeMap<String, String> {
    let tables: BTreeSet<&String> = function
        .permissions
        .iter()
        .filter_map(|permission| match &permission.resource {
            Resource::Table { table } | Resource::Index { table, .. } => Some(table),
            Resource::Secret { .. } | Resource::Connections { .. } | Resource::Arn { .. } => None,
        })
        .collect();
    let mut variables: BTreeMap<_, _> =
        tables.into_iter().map(|table| (table_variable(table), account.site.physical_name(table))).collect();
    let checked = manifest.checked_by(&function.name);
    variables.extend(checked.map(|it| (version_variable(&it.name), account.site.version_arn(&it.name))));
    let secrets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Secret { secret } => manifest.secret(secret),
        _ => None,
    });
    variables.extend(secrets.map(|secret| (secret_variable(&secret.name), account.secrets.id(secret))));
    let sockets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Connections { api, .. } => manifest.api(api),
        _ => None,
    });
    variables.extend(sockets.map(|api| (connections_variable(&api.name), connections_url(account, endpoint, api))));
    if function.makes_cursors() {
        variables.insert(CURSOR_KEY_VARIABLE.into(), account.cursor_key.clone());
    }
    variables.extend(function.options.environment.clone());
    if let Some(credentials) = iam.credentials(&function.name) {
        variables.insert("AWS_ACCESS_KEY_ID".into(), credentials.access_key_id.clone());
        variables.insert("AWS_SECRET_ACCESS_KEY".into(), credentials.secret_access_key.clone());
        variables.insert("AWS_SESSION_TOKEN".into(), credentials.session_token.clone());
    }
    variables
}

/// Where the connections of a WebSocket API are managed: at the endpoint that all of AWS's APIs share, or, without one, where it would
/// be at AWS.
fn connections_url(account: &Account, endpoint: Option<&str>, api: &Api) -> String {
    let id = account.site.api_id(api);
    match endpoint {
        Some(endpoint) => format!("{endpoint}/{id}/{SOCKET_STAGE}"),
        None => format!("https://{id}.execute-api.{}.amazonaws.com/{SOCKET_STAGE}", account.site.region),
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("application", &self.manifest.application).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use skyloom_manifest::bridge::{FunctionError, Start};

    use super::*;

    #[tokio::test]
    async fn a_websocket_api_answers_a_long_body_as_any_request_that_begins_no_connection() {
        let manifest: Manifest = serde_json::from_value(json!({
            "version": 1, "application": "chat", "functions": [], "tables": [], "user-pools": [],
            "apis": [{"name": "Chat", "kind": {"websocket": {"route-selection": "$request.body.action"}}}],
        }))
        .unwrap();
        let start: Start = |_, _| Err(FunctionError { error_type: "None".into(), error_message: String::new() });
        let application = Application { name: "chat", manifest: |_| Err(Vec::new()), start };
        let clock = Clock::starting_at(SystemTime::UNIX_EPOCH);
        let runner = Runner::in_process(application, manifest, clock.clone(), Faults::none(clock)).unwrap();
        let from = IpAddr::from([127, 0, 0, 1]);
        let any = runner.gateway("Chat", http::Request::post("/").body(Bytes::new()).unwrap(), from).await;
        let long = runner.refuse_body("Chat");
        let errors = [&any, &long].map(|it| (it.status(), it.headers().get("x-amzn-errortype").cloned()));
        assert_eq!(errors[0], errors[1]);
        assert_ne!(long.status(), http::StatusCode::NOT_FOUND);
    }
}
