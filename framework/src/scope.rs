use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use skyloom_manifest::bridge::{Environment, Transport};

use crate::{
    Context,
    aws::{
        Variables,
        json::{Client, Service},
    },
    secret::Fetched,
    table::Dynamo,
};

/// What surrounds one invocation: its [`Context`], and what the function's execution environment has.
///
/// Arguments get it to reach AWS; handlers name what they need as arguments instead.
#[derive(Clone, Debug)]
pub struct Scope {
    context: Context,
    host: Arc<Host>,
}

impl Scope {
    pub(crate) fn new(context: Context, host: Arc<Host>) -> Self {
        let context = Context { host: Some(Arc::clone(&host)), ..context };
        Self { context, host }
    }

    /// The request id, the deadline and the like.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// An environment variable of the function.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.host.variable(name)
    }

    /// The DynamoDB client of this execution environment, made when the first argument asks for it.
    pub(crate) fn dynamo(&self) -> &Dynamo {
        self.host.dynamo.get_or_init(|| Dynamo::new(&|name| self.host.variable(name), self.host.transport()))
    }

    /// The values of secrets that this execution environment has fetched.
    pub(crate) fn fetched(&self) -> &Fetched {
        &self.host.fetched
    }

    /// The client of a service, made at its first call.
    pub(crate) fn client(&self, service: &'static Service) -> Client {
        let mut clients = self.host.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let variable = |name: &str| self.host.variable(name);
        let make = || Client::new(service, Variables::new(&variable), self.host.transport());
        clients.entry(Cow::Borrowed(service.name)).or_insert_with(make).clone()
    }

    /// The client of a service that is at this URL.
    pub(crate) fn client_at(&self, service: &'static Service, url: &str) -> Client {
        let mut clients = self.host.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let variable = |name: &str| self.host.variable(name);
        let make = || Client::at(url, service, Variables::new(&variable), self.host.transport());
        clients.entry(Cow::Owned(url.to_owned())).or_insert_with(make).clone()
    }
}

/// An execution environment: it lives from a function's start to its end and is used by one invocation after another.
pub(crate) struct Host {
    given: Option<Environment>,
    dynamo: OnceLock<Dynamo>,
    /// Of other services, by their names or URLs.
    clients: Mutex<BTreeMap<Cow<'static, str>, Client>>,
    fetched: Fetched,
}

impl Host {
    /// The process itself is the execution environment, as on Lambda.
    pub(crate) fn of_process() -> Self {
        Self { given: None, dynamo: OnceLock::new(), clients: Mutex::default(), fetched: Fetched::default() }
    }

    /// One of several in this process, as in a test.
    pub(crate) fn given(environment: Environment) -> Self {
        Self { given: Some(environment), ..Self::of_process() }
    }

    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        let variables: Option<&BTreeMap<_, _>> = self.given.as_ref().map(|given| &*given.variables);
        variables.map_or_else(|| std::env::var(name).ok(), |variables| variables.get(name).cloned())
    }

    fn transport(&self) -> Option<Transport> {
        self.given.as_ref().map(|given| given.aws.clone())
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("in_process", &self.given.is_some()).finish_non_exhaustive()
    }
}
