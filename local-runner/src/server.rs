//! The runner behind sockets, for `cargo xtask dev`: the gateway on one port, AWS's own APIs on another.

#[cfg(test)]
mod attacks;
mod binary;
mod detached;
mod driver;
mod error;
mod fetch;
mod framing;
mod http;
mod options;
mod ports;
mod state;
mod summary;
mod tls;
mod websocket;

use std::{
    collections::BTreeMap,
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use skyloom_manifest::Manifest;
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use self::{
    binary::Binaries,
    ports::{Addresses, AwsPort, address, bind, bind_gateways, serve},
    state::State,
    tls::Tls,
};
pub use self::{
    error::ServerError,
    http::BindError,
    options::{Issuer, MessageSink, Options, SigningKey},
    summary::{ClientSummary, PoolSummary, SecretSummary, Summary},
};
use crate::{
    account::Account,
    clock::Clock,
    cognito,
    fault::Faults,
    random::Random,
    runner::{BackendOf, Parts, Runner},
    site::Site,
    upstream::Upstreams,
};

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
