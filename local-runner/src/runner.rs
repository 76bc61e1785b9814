//! One application with everything of AWS that it needs, joined. Only this module knows more than one emulator.

mod callers;
mod due;
mod entrances;
mod environment;
mod report;

use std::{collections::BTreeMap, fmt, sync::Arc, time::SystemTime};

use bytes::Bytes;
use skyloom_manifest::{Api, Manifest, Problem, bridge::Application};

use self::environment::given_to;
use crate::{
    access::May,
    account::Account,
    aws::Aws,
    clock::Clock,
    codedeploy::HookStatus,
    dynamodb::TableError,
    event_source::{Checkpoint, EventSources},
    fault::Faults,
    gateway::{self, Backends, Entrance, Served, WebSocketApi},
    iam::Iam,
    identities, integrations,
    invoke::InvokeError,
    lambda::{self, Backend, Lambda, LogSink},
    outbox::Outbox,
    policy::PolicyError,
    random::Random,
    schedule::Schedules,
    signed::{Signatures, Unsigned},
    site::Site,
    upstream::Upstreams,
};

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

    /// Gives a secret of the application a value. There may be none of that name.
    pub(crate) fn set_secret(&self, name: &str, text: String) -> bool {
        let secret = self.manifest.secret(name);
        secret.inspect(|secret| self.account.secrets.set(secret, text)).is_some()
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("application", &self.manifest.application).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

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
