//! The runner behind sockets, for `cargo xtask dev`: the gateway on one port, AWS's own APIs on another.

#[cfg(test)]
mod attacks;
mod binary;
mod driver;
mod fetch;
mod framing;
mod http;
mod state;
mod summary;
mod tls;
mod websocket;

use std::{
    collections::BTreeMap,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use ::http::{Request, Response};
use bytes::Bytes;
use skyloom_manifest::{Manifest, bridge::BoxFuture};
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};

use self::{binary::Binaries, http::Answer, state::State, tls::Tls};
pub use self::{
    http::BindError,
    summary::{ClientSummary, PoolSummary, SecretSummary, Summary},
};
use crate::{
    account::Account,
    clock::Clock,
    cognito,
    fault::Faults,
    gateway::{BODY_LIMIT, Entrance},
    lambda::LogSink,
    random::Random,
    runner::{BackendOf, Parts, Runner, RunnerError},
    site::Site,
    upstream::Upstreams,
};

/// DynamoDB takes 16 MB at most, and nothing else takes more.
const AWS_BODY_LIMIT: usize = 17 * 1024 * 1024;

/// Who is told what a user would be sent.
pub type MessageSink = Arc<dyn Fn(&str) + Send + Sync>;

/// How to serve an application.
#[derive(Clone)]
pub struct Options {
    /// The port of the default API on 127.0.0.1; the others have those that follow, in the order of their names. 0 for any.
    pub port: u16,
    /// The port of the AWS endpoint on 127.0.0.1; 0 for any.
    pub aws_port: u16,
    /// The folder that keeps the state from run to run.
    pub state: PathBuf,
    /// Whether to begin with empty state.
    pub fresh: bool,
    /// What the tokens have as their issuer.
    pub issuer: Issuer,
    /// What signs the tokens, if the kept state has no key yet.
    pub signing_key: SigningKey,
    /// Takes each line that a function logs, told the function's name.
    pub log: LogSink,
    /// Takes each message that Cognito sends to a user: it has the code that confirms a sign-up.
    pub messages: MessageSink,
    /// Whether the ports take TLS, too.
    pub tls: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("port", &self.port).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A key that is made while other things are done: it takes a third of a second.
#[derive(Clone)]
pub struct SigningKey(Arc<OnceLock<cognito::SigningKey>>);

impl SigningKey {
    /// Begins to make one.
    pub fn prepare() -> Self {
        let key = Arc::<OnceLock<_>>::default();
        let made = Arc::clone(&key);
        std::thread::spawn(move || {
            made.get_or_init(cognito::SigningKey::generate);
        });
        Self(key)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// What the tokens of the user pools have as their `iss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The URL that the pool would have at AWS, so that verifiers that are made for Cognito accept them.
    Aws,
    /// Where the pool is served, so that verifiers that discover the keys accept them.
    Local,
}

/// Why an application cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// A port could not be taken.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The state could not be read or written.
    #[error("cannot use the state in {}: {source}; `--fresh` begins with an empty one", path.display())]
    State {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server has the state.
    #[error(
        "another server of this application runs with the state in {}: stop it, or name another folder with `--state FOLDER`",
        path.display()
    )]
    StateInUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder for the state has other things in it.
    #[error("{} is in use for something else: name an empty folder with `--state FOLDER`", path.display())]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The application cannot run here.
    #[error("{0}")]
    Application(String),
}

impl From<RunnerError> for ServerError {
    fn from(error: RunnerError) -> Self {
        Self::Application(error.to_string())
    }
}

/// An application that is being served.
pub struct Server {
    options: Options,
    shared: Arc<Shared>,
    binaries: Binaries,
    /// By the name of the API, the default one first, or of the function whose URL it is.
    gateways: Addresses,
    tls: Option<Tls>,
    aws: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Where each API is, by its name.
type Addresses = Vec<(String, SocketAddr)>;
/// The ports of APIs that are not served yet, by name.
type Listeners = Vec<(String, TcpListener)>;

/// What requests and background work share.
struct Shared {
    /// The version of the application that is served now.
    current: RwLock<Arc<Runner>>,
    /// Something may be due, or to be written down.
    wake: Notify,
    state: State,
}

impl Shared {
    fn current(&self) -> Arc<Runner> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Server {
    /// Takes the ports and serves the application's binary, a process for each execution environment.
    ///
    /// # Errors
    /// If a port is in use, the kept state does not fit the application, or the application cannot run here.
    pub async fn start(manifest: Manifest, binary: PathBuf, options: Options) -> Result<Self, ServerError> {
        let (gateways, listeners) = bind_gateways(&manifest, Vec::new(), options.port).await?;
        let aws_listener = bind(options.aws_port, "--aws-port").await?;
        let aws = address(&aws_listener)?;
        let state = State::open(&options.state, options.fresh)?;
        let endpoint = format!("http://{aws}");
        let tls = options.tls.then(|| Tls::open(&options.state)).transpose();
        let tls = tls.map_err(|source| ServerError::State { path: options.state.join(tls::FOLDER), source })?;
        let for_browsers = if tls.is_some() { format!("https://{aws}") } else { endpoint.clone() };
        let account = Arc::new(account(&manifest, &state, &options, &for_browsers)?);
        account.connect(fetch::fetch());
        account.on_message(Arc::clone(&options.messages));
        let binaries = Binaries::new(options.state.join("bin"));
        let parts = parts(manifest, &account, binaries.adopt(binary)?, gateways.clone(), &endpoint, &options);
        let runner = Runner::new(parts)?;
        runner.restore(&state.checkpoint());
        let shared = Arc::new(Shared { current: RwLock::new(Arc::new(runner)), wake: Notify::new(), state });
        let (stop, stopped) = watch::channel(false);
        let mut tasks = vec![
            tokio::spawn(http::serve(
                aws_listener,
                Arc::new(AwsPort(Arc::clone(&shared))),
                stopped.clone(),
                tls.as_ref().map(|tls| tls.acceptor.clone()),
            )),
            tokio::spawn(driver::drive(Arc::clone(&shared), stopped)),
        ];
        tasks.extend(serve(listeners, &shared, &stop, tls.as_ref()));
        Ok(Self { options, shared, binaries, gateways, tls, aws, stop, tasks })
    }

    /// Where the application's default API is.
    pub fn gateway(&self) -> SocketAddr {
        self.gateways.first().map_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), |(_, address)| *address)
    }

    /// Where each of its APIs is, by name, the default one first, and then each function with a URL of its own.
    pub fn gateways(&self) -> &[(String, SocketAddr)] {
        &self.gateways
    }

    /// Where AWS's own APIs are.
    pub fn aws(&self) -> SocketAddr {
        self.aws
    }

    /// The file of the certificate that clients have to trust which come over TLS, if they may.
    pub fn certificate(&self) -> Option<&std::path::Path> {
        self.tls.as_ref().map(|tls| tls.ca.as_path())
    }

    /// What is served.
    pub fn summary(&self) -> Summary {
        Summary::of(&self.shared.current())
    }

    /// Serves a new version in place of the old one. What is under way ends with the old one; items and users stay, and so
    /// do the ports of APIs; one that is new has the next free one.
    ///
    /// # Errors
    /// If the new version cannot run with the kept state; the old one then goes on.
    pub async fn replace(&mut self, manifest: Manifest, binary: PathBuf) -> Result<(), ServerError> {
        let old = self.shared.current();
        let account = Arc::clone(old.account());
        account.adopt(&manifest);
        let endpoint = format!("http://{}", self.aws);
        let binary = self.binaries.adopt(binary)?;
        let last = self.gateways.iter().map(|(_, it)| it.port()).max().unwrap_or_default();
        let next = if self.options.port == 0 { 0 } else { last.saturating_add(1) };
        let (gateways, listeners) = bind_gateways(&manifest, self.gateways.clone(), next).await?;
        let parts = parts(manifest, &account, binary.clone(), gateways.clone(), &endpoint, &self.options);
        let new = Runner::new(parts)?;
        new.restore(&old.checkpoint());
        *self.shared.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        self.gateways = gateways;
        self.tasks.extend(serve(listeners, &self.shared, &self.stop, self.tls.as_ref()));
        old.lambda().replace_binary(binary); // its idle processes end now, the others when they have answered
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Gives secrets of the application their values, by their names in the manifest, and returns the names that it does not have.
    pub fn set_secrets(&self, values: &BTreeMap<String, String>) -> Vec<String> {
        let runner = self.shared.current();
        let unknown = values.iter().filter(|(name, text)| !runner.set_secret(name, (*text).clone()));
        let unknown = unknown.map(|(name, _)| name.clone()).collect();
        self.shared.wake.notify_one(); // they are to be written down
        unknown
    }

    /// Adds users to the pools from a JSON document, `{"Shopper": [{"username": "ann@example.com", "password": "…"}]}`, and
    /// says how many were not there yet; who was there stays as they are.
    ///
    /// # Errors
    /// If it is no such document, or one of the users cannot be; then none is added.
    pub fn import_users(&self, json: &str) -> Result<usize, ServerError> {
        let added = self.shared.current().account().cognito().import(json);
        self.shared.wake.notify_one(); // they are to be written down
        added.map_err(|error| ServerError::Application(error.to_string()))
    }

    /// Signs a user of a pool in, who is made if there is none of that name, and returns the ID token.
    ///
    /// # Errors
    /// If the pool does not take the name, or its function that changes tokens refuses.
    pub async fn token(&self, pool: &str, name: &str) -> Result<String, ServerError> {
        let runner = self.shared.current();
        let user = runner.sign_in(&cognito::Wanted::new(pool, name), None).await;
        user.map(|user| user.id_token).map_err(|error| ServerError::Application(error.to_string()))
    }

    /// Lets requests that are under way finish, ends all processes and writes the state down.
    ///
    /// # Errors
    /// If the state cannot be written.
    pub async fn shut_down(self) -> Result<(), ServerError> {
        let _ = self.stop.send(true); // whoever listened may have ended already
        for task in self.tasks {
            let _ = task.await; // a task that panicked has ended as well
        }
        let runner = self.shared.current();
        runner.lambda().shutdown().await;
        self.shared.state.save(&runner)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("gateways", &self.gateways).field("aws", &self.aws).finish_non_exhaustive()
    }
}

fn account(manifest: &Manifest, state: &State, options: &Options, endpoint: &str) -> Result<Account, ServerError> {
    let issuer = match options.issuer {
        Issuer::Aws => cognito::Issuer::Aws,
        Issuer::Local => cognito::Issuer::Served(endpoint.to_owned()),
    };
    let clock = Clock::of_machine();
    let site = Site::new(&manifest.application, "us-east-1");
    let random = Random::system();
    let cursor_key = state.cursor_key(&random)?;
    let world = (site, clock, random);
    let users = (state.users(), Arc::clone(&options.signing_key.0));
    Account::kept(manifest, world, &state.tables(), (state.secrets(), cursor_key), users, (issuer, endpoint.to_owned()))
        .map_err(|error| ServerError::Application(error.to_string()))
}

fn parts(
    manifest: Manifest,
    account: &Arc<Account>,
    binary: PathBuf,
    gateways: Addresses,
    endpoint: &str,
    options: &Options,
) -> Parts {
    let site = account.site.clone();
    let port = move |api: &str| gateways.iter().find(|(name, _)| name == api).map_or(0, |(_, address)| address.port());
    Parts {
        manifest,
        account: Arc::clone(account),
        signature_clock: Some(account.clock.clone()),
        gateway: Box::new(move |entrance| entrance.settings(&site).on_port(port(entrance.name()))),
        variables: [("AWS_ENDPOINT_URL".to_owned(), endpoint.to_owned())].into(),
        log: Arc::clone(&options.log),
        backend: BackendOf::Binary(binary),
        upstreams: Upstreams::live(),
        faults: Faults::default(),
    }
}

/// Takes a port for each API that has none yet, from this one on, or any. An API that is gone keeps its own, and answers 404.
async fn bind_gateways(
    manifest: &Manifest,
    mut taken: Addresses,
    first: u16,
) -> Result<(Addresses, Listeners), ServerError> {
    let (mut port, mut listeners) = (first, Vec::new());
    for entrance in Entrance::all(manifest) {
        let name = entrance.name().to_owned();
        if taken.iter().any(|(taken, _)| *taken == name) {
            continue;
        }
        let listener = bind(port, "--port").await?;
        taken.push((name.clone(), address(&listener)?));
        listeners.push((name, listener));
        port = if port == 0 { 0 } else { port.saturating_add(1) };
    }
    Ok((taken, listeners))
}

fn serve(
    listeners: Listeners,
    shared: &Arc<Shared>,
    stop: &watch::Sender<bool>,
    tls: Option<&Tls>,
) -> Vec<JoinHandle<()>> {
    let serve = |(api, listener)| {
        let port = GatewayPort { api, shared: Arc::clone(shared), stop: stop.subscribe() };
        let tls = tls.map(|tls| tls.acceptor.clone());
        tokio::spawn(http::serve(listener, Arc::new(port), stop.subscribe(), tls))
    };
    listeners.into_iter().map(serve).collect()
}

async fn bind(port: u16, option: &'static str) -> Result<TcpListener, BindError> {
    http::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), option).await
}

fn address(listener: &TcpListener) -> Result<SocketAddr, ServerError> {
    listener.local_addr().map_err(|error| ServerError::Application(format!("a port was taken and lost: {error}")))
}

/// An API at its port.
struct GatewayPort {
    api: String,
    shared: Arc<Shared>,
    /// Changes when the server stops, which ends the connections of a WebSocket API.
    stop: watch::Receiver<bool>,
}

impl Answer for GatewayPort {
    const BODY_LIMIT: usize = BODY_LIMIT;

    fn answer(self: Arc<Self>, request: Request<Bytes>, from: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
        let runner = self.shared.current();
        Box::pin(async move {
            if runner.manifest().api(&self.api).is_none_or(|api| api.websocket().is_none()) {
                return runner.gateway(&self.api, request, from).await;
            }
            let port = websocket::Port { api: &self.api, shared: &self.shared, stop: &self.stop };
            port.answer(request, from).await
        })
    }

    fn body_too_large(&self) -> Response<Bytes> {
        self.shared.current().refuse_body(&self.api)
    }
}

struct AwsPort(Arc<Shared>);

impl Answer for AwsPort {
    const BODY_LIMIT: usize = AWS_BODY_LIMIT;

    fn answer(self: Arc<Self>, request: Request<Bytes>, _: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
        let runner = self.0.current();
        Box::pin(async move {
            let response = runner.aws().answer(request).await;
            self.0.wake.notify_one(); // an item, a user or an event may be new
            response
        })
    }

    fn body_too_large(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(b"{\"message\":\"Request size is too large.\"}"));
        *response.status_mut() = ::http::StatusCode::PAYLOAD_TOO_LARGE;
        response
    }
}
