//! The application in a test.

mod api;
mod cognito;
mod credentials;
mod harness;
mod outcome;
mod reply;
mod request;
mod seeds;
mod socket;
mod user;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Debug},
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use skyloom_manifest::{
    Manifest, Trigger,
    bridge::{ApiType, ClientOfPool, GivesCredentials, Kept, SignsIn, Stored},
};

pub use self::{
    api::LocalApi,
    credentials::Credentials,
    harness::run,
    outcome::Outcome,
    reply::Reply,
    request::Request,
    seeds::run_seeds,
    socket::{Closed, Connect, LocalSocket},
    user::{SignIn, Token, User},
};
pub use crate::cognito::Forged;
use crate::{codedeploy::HookStatus, iam::Iam, runner::Runner, upstream};

/// A whole application with its own empty state, in this process, on virtual time.
///
/// A test gets one from `#[skyloom_local::test(…)]`. Two tests never share anything.
#[derive(Clone)]
pub struct Local {
    runner: Arc<Runner>,
}

impl Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").field("application", &self.manifest().application).finish_non_exhaustive()
    }
}

impl Local {
    /// What the application consists of.
    pub fn manifest(&self) -> &Manifest {
        self.runner.manifest()
    }

    /// The API that a type stands for. An application with one API, or the default of several, needs no name: [`Local`] itself
    /// begins requests to that.
    ///
    /// # Panics
    /// If the application has no such API.
    pub fn api<T: ApiType>(&self) -> LocalApi {
        assert!(self.manifest().api(T::NAME).is_some(), "the application that is tested has no API `{}`", T::NAME);
        LocalApi::new(Arc::clone(&self.runner), T::NAME.into())
    }

    /// The URL of a function, `#[handler(url, …)]`, by the function's name.
    ///
    /// # Panics
    /// If the application has no such function, or it has no URL.
    pub fn url(&self, function: &str) -> LocalApi {
        let found = self.manifest().function(function);
        let has_url = found.is_some_and(|found| matches!(found.trigger, Trigger::Url { .. }));
        assert!(has_url, "the application has no function `{function}` with a URL: `#[handler(url, …)]`");
        LocalApi::new(Arc::clone(&self.runner), function.to_owned())
    }

    /// Begins a connection to a WebSocket API: `let mut socket = app.connect::<Chat>().bearer(&ann).await;`
    ///
    /// # Panics
    /// If the application has no such API.
    pub fn connect<T: ApiType>(&self) -> Connect {
        let api = self.manifest().api(T::NAME).filter(|api| api.websocket().is_some());
        assert!(api.is_some(), "the application that is tested has no WebSocket API `{}`", T::NAME);
        Connect::new(Arc::clone(&self.runner), T::NAME)
    }

    /// Begins a `GET` request to the default API.
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// Begins a `POST` request to the default API.
    pub fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    /// Begins a `PUT` request to the default API.
    pub fn put(&self, path: &str) -> Request {
        self.request("PUT", path)
    }

    /// Begins a `PATCH` request to the default API.
    pub fn patch(&self, path: &str) -> Request {
        self.request("PATCH", path)
    }

    /// Begins a `DELETE` request to the default API.
    pub fn delete(&self, path: &str) -> Request {
        self.request("DELETE", path)
    }

    /// Begins a request with any method to the default API. The path may have a query string.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(Arc::clone(&self.runner), self.runner.default_api().into(), method, path)
    }

    /// Signs a user in, with a real token of the pool; the user is made if there is none of that name.
    ///
    /// Awaiting it gives the [`User`]; before, it can be given groups, scopes and claims.
    pub fn sign_in<P: SignsIn>(&self, name: &str) -> SignIn {
        SignIn::new(Arc::clone(&self.runner), P::USER_POOL, name)
    }

    /// What the account's owner signs with: they may invoke every route with `auth = Iam`.
    pub fn owner_credentials(&self) -> Credentials {
        Credentials(Iam::owner_credentials())
    }

    /// What a function signs with, by the name of its handler: they may do what its policy says.
    ///
    /// # Panics
    /// If the application has no such function.
    pub fn function_credentials(&self, function: &str) -> Credentials {
        let credentials = self.runner.aws().iam().credentials(function).cloned();
        Credentials(credentials.unwrap_or_else(|| panic!("the application has no function `{function}`")))
    }

    /// What an identity pool gives a user who signed in to one of its user pools.
    ///
    /// # Panics
    /// If the pool does not take the user's token.
    pub fn identity_credentials<P: GivesCredentials>(&self, user: &User) -> Credentials {
        self.credentials_of::<P>(Some(user.id_token()))
    }

    /// What an identity pool gives a guest, somebody new each time.
    ///
    /// # Panics
    /// If the pool lets no guests in.
    pub fn guest_credentials<P: GivesCredentials>(&self) -> Credentials {
        self.credentials_of::<P>(None)
    }

    fn credentials_of<P: GivesCredentials>(&self, id_token: Option<&str>) -> Credentials {
        let credentials = self.runner.identity_credentials(P::IDENTITY_POOL, id_token);
        Credentials(credentials.unwrap_or_else(|error| panic!("`{}` gives no credentials: {error}", P::IDENTITY_POOL)))
    }

    /// Looks into a table with the rights of whoever has these credentials.
    pub fn table_as<T: Stored>(&self, credentials: &Credentials) -> T::Handle {
        T::open(&self.runner.environment_of(&credentials.0))
    }

    /// The access token of a client that is no person: with these scopes, or with all that it may ask for.
    ///
    /// # Panics
    /// If the client may not ask for one of the scopes.
    pub fn machine_token<C: ClientOfPool>(&self, scopes: &[&str]) -> String {
        let token = self.runner.account().cognito().machine(C::USER_POOL, C::CLIENT, scopes);
        token.unwrap_or_else(|error| panic!("`{}` gets no token: {error}", C::CLIENT))
    }

    /// Looks into a table, with the rights of the account's owner.
    pub fn table<T: Stored>(&self) -> T::Handle {
        T::open(&self.runner.owner_environment())
    }

    /// Gives a secret a value: a text, or what becomes the JSON of one that is an object.
    ///
    /// A secret that is generated has a value, which follows from the seed; every other has none until a test gives it one. What a
    /// function has read it keeps for five minutes, as at AWS.
    ///
    /// # Panics
    /// If the value cannot be JSON, or the application has no such secret.
    pub fn set_secret<S: Kept>(&self, value: impl Serialize) {
        let text = match serde_json::to_value(value) {
            Ok(Value::String(text)) => text,
            Ok(value) => value.to_string(),
            Err(error) => panic!("this cannot be the value of the secret `{}`: {error}", S::SECRET),
        };
        assert!(self.runner.set_secret(S::SECRET, text), "the application has no secret `{}`", S::SECRET);
    }

    /// Calls a function by the name of its handler and returns its answer.
    ///
    /// # Errors
    /// What the function, or Lambda in its place, says of its failure.
    pub async fn invoke<T: DeserializeOwned>(&self, function: &str, payload: &impl Serialize) -> Result<T, String> {
        let payload = serde_json::to_vec(payload).map_err(|error| error.to_string())?;
        let answer = self.runner.invoke(function, payload.into()).await.map_err(|error| error.to_string())?;
        serde_json::from_slice(&answer).map_err(|error| format!("the answer of `{function}` does not fit: {error}"))
    }

    /// Runs a hook, by the name of its handler, as CodeDeploy does in a deployment of the function that names it; and returns what
    /// the hook told CodeDeploy. If several functions name it, the deployment is of the first of them by name.
    ///
    /// # Errors
    /// The hook told CodeDeploy nothing, and why: after an hour CodeDeploy would take that for a failure.
    pub async fn hook(&self, hook: &str) -> Result<HookStatus, String> {
        self.runner.hook(hook).await
    }

    /// Hands an event to a function by the name of its handler without waiting for it, as with the invocation type `Event`.
    ///
    /// It runs with [`settle`](Self::settle). If it fails, Lambda tries it again a minute later and once more after two, as far
    /// as the handler's `retries` and `max_event_age` let it, and then tells the destinations: see
    /// [`destination`](Self::destination).
    ///
    /// # Errors
    /// There is no such function, or the payload is over the 1 MB that Lambda keeps.
    pub fn invoke_event(&self, function: &str, payload: &impl Serialize) -> Result<(), String> {
        let payload = serde_json::to_vec(payload).map_err(|error| error.to_string())?;
        self.runner.enqueue(function, payload.into()).map_err(|error| error.to_string())
    }

    /// The actions that the policy of a function has allowed it so far, `dynamodb:GetItem`, each with the ARN that it was on.
    /// What is granted and not here, no test has needed.
    pub fn used_permissions(&self, function: &str) -> BTreeSet<(String, String)> {
        self.runner.aws().iam().used(function)
    }

    /// Takes an action from the policy of a function, `dynamodb:GetItem`, to see what becomes of the application without it.
    /// What Lambda does with the function's role can be taken too: `dynamodb:GetRecords` of its stream, `sqs:SendMessage` to the
    /// queue that it names with `on_failure`.
    ///
    /// # Panics
    /// If the function has no such permission, so that a test of this kind cannot pass by mistake.
    pub fn revoke(&self, function: &str, action: &str) {
        let granted = self.runner.aws().iam().granted(function);
        assert!(
            granted.contains(action),
            "the function `{function}` has no permission `{action}` that could be revoked; it has {granted:?}"
        );
        self.runner.aws().iam().revoke(function, action);
    }

    /// Bounds the roles of all functions and identity pools by a policy, in JSON, as a [permissions boundary][boundary] of the account would:
    /// what it does not allow too, none of them may do any longer. So a test shows that the application works within it.
    ///
    /// # Panics
    /// If the policy cannot be read or evaluated.
    ///
    /// [boundary]: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    pub fn set_permissions_boundary(&self, policy: &str) {
        if let Err(error) = self.runner.aws().iam().bound(policy) {
            panic!("the permissions boundary cannot be evaluated: {error}");
        }
    }

    /// Runs until nothing is due: every change in a stream has been delivered, every schedule that is due has run.
    ///
    /// What waits for a time to come, such as the retry of a batch that failed, is not due before
    /// [`advance`](Self::advance) has come to it. So is a function whose caller gave up: at AWS it runs on, and here it does with
    /// `settle` and `advance`. Under seeds a test therefore advances past the retries before it looks
    /// at what came of its work.
    ///
    /// # Panics
    /// If the work makes new work without end; the report says who did what, how often, and what happened last.
    pub async fn settle(&self) {
        if self.runner.lambda().has_abandoned() {
            tokio::time::sleep(Duration::from_millis(1)).await; // they come as far as they can, and the clock moves only then
        }
        if let Err(report) = self.runner.settle().await {
            panic!("{report}");
        }
    }

    /// Moves the clock on and runs all that becomes due on the way, in order: windows, retries, schedules, expiry.
    ///
    /// # Panics
    /// If the work makes new work without end.
    pub async fn advance(&self, by: Duration) {
        let target = self.now() + by;
        self.settle().await;
        while let Some(due) = self.runner.next_due().filter(|due| *due <= target) {
            // At least a millisecond, so that what is due now and stays so cannot hold the clock.
            let step = due.duration_since(self.now()).unwrap_or_default().max(Duration::from_millis(1));
            self.pass(step).await;
            self.settle().await;
        }
        self.pass(target.duration_since(self.now()).unwrap_or_default()).await;
        self.settle().await;
    }

    /// Lets time pass. The clock jumps, unless functions are at work that nobody waits for: each of those finds it where it waits for it.
    async fn pass(&self, time: Duration) {
        if self.runner.lambda().has_abandoned() {
            tokio::time::sleep(time).await;
        } else {
            tokio::time::advance(time).await;
        }
    }

    /// What the runner's clock shows.
    ///
    /// It begins at 2026-01-01T00:00:00Z in every test, so that each run is like the one before, and moves by
    /// [`advance`](Self::advance). It also moves where all that runs waits: by what a handler sleeps, by a millisecond for
    /// each time that the SDK tries a call again, and by the delays that are among the faults of a seed. A handler asks
    /// `Context::now` for it; the machine's clock knows nothing of it.
    pub fn now(&self) -> SystemTime {
        self.runner.now()
    }

    /// The lines that a function has logged so far, each a JSON object.
    pub fn logs(&self, function: &str) -> Vec<String> {
        self.runner.logs(function)
    }

    /// What has happened so far, a line for each thing, the oldest first: requests, invocations, calls of DynamoDB,
    /// deliveries of streams, and faults, each with the time on the test's clock.
    ///
    /// Two runs with the same seed have the same lines, as long as the handlers take time from `Context::now` and what they
    /// draw by lot is not in a path.
    pub fn event_log(&self) -> Vec<String> {
        self.runner.faults().log.lines()
    }

    /// The seed that the faults of this run come from; 0 where there are none.
    pub fn seed(&self) -> u64 {
        self.runner.faults().seed()
    }

    /// Adds users to the pools, by their names, as the `users.json` of a development server has them, and says how many were not
    /// there yet: `app.import_users(&json!({"Shopper": [{"username": "ann@example.com", "password": "P@ssw0rd"}]}))`.
    ///
    /// # Errors
    /// One of the users cannot be, and why; then none is added.
    pub fn import_users(&self, users: &impl Serialize) -> Result<usize, String> {
        let json = serde_json::to_string(users).map_err(|error| error.to_string())?;
        self.runner.account().cognito().import(&json).map_err(|error| error.to_string())
    }

    /// What Cognito has sent to users so far, such as confirmation codes, oldest first: to whom and what.
    pub fn messages(&self) -> Vec<String> {
        self.runner.account().cognito().messages().iter().map(ToString::to_string).collect()
    }

    /// What a destination has got so far, by the name that `on_failure = queue("DeadLetters")` gives it, or by its ARN, oldest
    /// first: Lambda's accounts of the records and events that it gave up, or of events that were handled. Of a `dead_letter`
    /// it is the events themselves, and of the `queue` of a `#[derive(Route)]` the messages.
    pub fn destination(&self, name: &str) -> Vec<Value> {
        self.runner.outbox().bodies(name)
    }

    /// Says what another server answers, to which a `#[derive(Route)]` of the application hands requests: nothing goes out of a test
    /// that this does not catch. `origin` is its scheme, host and port, `https://docs.example.com`.
    ///
    /// The request is as API Gateway would send it.
    ///
    /// # Panics
    /// If no route of the application leads to that server.
    pub fn upstream<B: Into<Bytes>>(
        &self,
        origin: &str,
        answer: impl Fn(http::Request<Bytes>) -> http::Response<B> + Send + Sync + 'static,
    ) {
        let known = upstream::origins(self.manifest());
        assert!(
            known.contains(origin),
            "no route of the application leads to {origin}: there are {}",
            known.into_iter().collect::<Vec<_>>().join(", ")
        );
        self.runner.upstreams().stub(origin, move |request| answer(request).map(Into::into));
    }

    /// The objects that a bucket has got as an on-failure destination so far, by their keys.
    pub fn objects(&self, bucket: &str) -> BTreeMap<String, Value> {
        self.runner.outbox().objects(bucket)
    }

    /// How often a function has run so far.
    pub fn invocations(&self, function: &str) -> usize {
        self.runner.invocation_count(function)
    }
}
