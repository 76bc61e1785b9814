//! Lambda: execution environments of the application's functions, in process or as child processes, with its limits,
//! its Runtime API and its wire API.

mod api;
mod environment;
mod event_destination;
mod event_queue;
mod in_process;
mod invoked;
mod limits;
mod pool;
mod process;
mod record;
mod response_stream;
mod runtime_api;
mod starter;
#[cfg(test)]
mod tests;
mod variables;

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use skyloom_manifest::{
    Function, Manifest,
    bridge::{Invocation, Sink},
};
use tokio::{sync::Semaphore, time::Instant};

pub(crate) use self::{environment::LogSink, event_queue::FailedEvent, record::Record, starter::Backend};
use self::{
    environment::{Failure, Log},
    event_queue::{Event, EventQueue},
    invoked::{Abandoned, Invoked},
    pool::{Concurrency, Permit, Pool, Started},
    record::Records,
    starter::Starter,
};
use crate::{
    access::May,
    clock::Clock,
    event_log,
    fault::Faults,
    invoke::{Enqueue, Invoke, InvokeError, InvokeStream},
    outbox::Outbox,
    random::Random,
    site::Site,
};

/// So many processes of one function run at once; a further invocation waits. AWS would start a thousand.
const PROCESSES_PER_FUNCTION: usize = 16;
/// So many environments of one function are kept for later: all that were ever busy at once. With fewer, steady load
/// would end and start processes all the time, and a start takes longer than most invocations.
const IDLE_ENVIRONMENTS: usize = PROCESSES_PER_FUNCTION;

/// Lambda with the functions of one application. A clone is the same Lambda.
#[derive(Clone, Debug)]
pub(crate) struct Lambda(Arc<Shared>);

/// What an application's functions run with.
pub(crate) struct Settings {
    pub(crate) backend: Backend,
    /// The environment variables of each function beside those that Lambda gives: keys, endpoints, names of tables.
    pub(crate) variables: BTreeMap<String, BTreeMap<String, String>>,
    /// Takes each line that a function logs.
    pub(crate) log: LogSink,
    pub(crate) faults: Faults,
    /// Holds Lambda to the functions' roles, with which it tells destinations.
    pub(crate) may: May,
    pub(crate) outbox: Outbox,
}

struct Shared {
    functions: BTreeMap<String, Deployed>,
    starter: Starter,
    log: LogSink,
    faults: Faults,
    may: May,
    outbox: Outbox,
    records: Records,
    queue: EventQueue,
    abandoned: Abandoned,
    site: Site,
    clock: Clock,
    random: Random,
}

struct Deployed {
    function: Function,
    variables: BTreeMap<String, String>,
    pool: Pool,
}

impl Lambda {
    pub(crate) fn new(manifest: &Manifest, site: Site, clock: Clock, random: Random, settings: Settings) -> Self {
        let Settings { backend, mut variables, log, faults, may, outbox } = settings;
        let starter = Starter::new(backend, &clock);
        let unreserved = Arc::new(Semaphore::new(limits::UNRESERVED_CONCURRENCY));
        let places = starter.uses_processes().then_some(PROCESSES_PER_FUNCTION);
        let deploy = |function: &Function| {
            let reserved = function.concurrency.and_then(|it| usize::try_from(it).ok());
            let concurrency = match reserved {
                Some(own) => Concurrency::Reserved(Arc::new(Semaphore::new(own))),
                None => Concurrency::Shared(unreserved.clone()),
            };
            let pool = Pool::new(concurrency, places, IDLE_ENVIRONMENTS);
            let variables = variables.remove(&function.name).unwrap_or_default();
            (function.name.clone(), Deployed { function: function.clone(), variables, pool })
        };
        let functions = manifest.functions.iter().map(deploy).collect();
        let (records, queue, abandoned) = (Records::default(), EventQueue::default(), Abandoned::default());
        Self(Arc::new(Shared {
            functions,
            starter,
            log,
            faults,
            may,
            outbox,
            records,
            queue,
            abandoned,
            site,
            clock,
            random,
        }))
    }

    /// Runs a function by its name in the manifest and waits for its answer.
    pub(crate) async fn invoke(&self, name: &str, event: Bytes) -> Result<Bytes, InvokeError> {
        self.run(name, (event, None), self.0.random.uuid()).await?.answer
    }

    /// The same, with somebody who takes the parts of an answer as they come.
    pub(crate) async fn invoke_streaming(&self, name: &str, event: Bytes, sink: Sink) -> Result<Bytes, InvokeError> {
        let (sink, exceeded) = limits::streamed(sink);
        let answer = self.run(name, (event, Some(sink)), self.0.random.uuid()).await?.answer?;
        if exceeded() { Err(InvokeError::Failed(limits::stream_too_large())) } else { Ok(answer) }
    }

    /// An error means that it did not run.
    fn run(
        &self,
        name: &str,
        what: (Bytes, Option<Sink>),
        request_id: String,
    ) -> Invoked<Result<Finished, InvokeError>> {
        let (lambda, name) = (Arc::clone(&self.0), name.to_owned());
        let work = Box::pin(async move { lambda.run(&name, what, request_id).await });
        Invoked::new(work, &self.0.abandoned)
    }

    /// Whether functions are at work that nobody waits for any more.
    pub(crate) fn has_abandoned(&self) -> bool {
        self.0.abandoned.are_any()
    }

    /// The same as a value, for those that do not know Lambda.
    pub(crate) fn as_invoke_stream(&self) -> InvokeStream {
        let lambda = self.clone();
        Arc::new(move |name, event, sink| {
            let lambda = lambda.clone();
            Box::pin(async move { lambda.invoke_streaming(&name, event, sink).await })
        })
    }

    /// The same as a value, for those that do not know Lambda.
    pub(crate) fn as_invoke(&self) -> Invoke {
        let lambda = self.clone();
        Arc::new(move |name, event| {
            let lambda = lambda.clone();
            Box::pin(async move { lambda.invoke(&name, event).await })
        })
    }

    /// Takes an event for a function, which runs when it is due, as with the invocation type `Event`.
    ///
    /// # Errors
    /// There is no such function, or the event is too large.
    pub(crate) fn enqueue(&self, name: &str, event: Bytes, by: &'static str) -> Result<(), InvokeError> {
        let lambda = &*self.0;
        if !lambda.functions.contains_key(name) {
            return Err(InvokeError::NotFound(lambda.site.function_arn(name)));
        }
        if event.len() > limits::EVENT {
            return Err(InvokeError::TooLarge(limits::event_too_large(event.len())));
        }
        lambda.queue.push(Event::new(name, lambda.random.uuid(), event, lambda.clock.now()).by(by));
        Ok(())
    }

    /// The same as a value, for those that do not know Lambda.
    pub(crate) fn as_enqueue(&self, by: &'static str) -> Enqueue {
        let lambda = self.clone();
        Arc::new(move |name, event| {
            if let Err(error) = lambda.enqueue(name, event, by) {
                tracing::error!(function = name, %error, "an event was not taken");
            }
        })
    }

    /// The last invocations, the oldest first.
    pub(crate) fn invocations(&self) -> Vec<Record> {
        self.0.records.list()
    }

    /// From now on new environments run that binary. Idle ones end, those at work end once they have answered.
    pub(crate) fn replace_binary(&self, path: PathBuf) {
        self.0.starter.replace_binary(path);
        self.0.functions.values().for_each(|deployed| deployed.pool.renew());
    }

    /// Ends all environments; children are dead when it returns.
    pub(crate) async fn shutdown(&self) {
        self.0.functions.values().for_each(|deployed| deployed.pool.renew());
        self.0.starter.shut_down().await;
    }

    /// Runs the invocations of type `Event` that are due.
    pub(crate) async fn run_due(&self) {
        self.0.queue.run_due(&self.0).await;
    }

    /// When the next invocation of type `Event` is due.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.0.queue.next_due()
    }

    /// The failures of invocations of type `Event`, oldest first.
    pub(crate) fn failed_events(&self) -> Vec<FailedEvent> {
        self.0.queue.failures()
    }
}

/// An invocation that ran.
struct Finished {
    answer: Result<Bytes, InvokeError>,
    record: Record,
}

impl Shared {
    /// An error here means that it did not run.
    async fn run(
        &self,
        name: &str,
        (event, sink): (Bytes, Option<Sink>),
        request_id: String,
    ) -> Result<Finished, InvokeError> {
        let deployed = self.functions.get(name).ok_or_else(|| InvokeError::NotFound(self.site.function_arn(name)))?;
        if event.len() > limits::REQUEST {
            return Err(InvokeError::TooLarge(format!(
                "Request must be smaller than {} bytes for the InvokeFunction operation",
                limits::REQUEST
            )));
        }
        let permit = deployed.pool.admit().await.ok_or(InvokeError::Throttled)?;
        let (answer, init, duration, log) = match self.environment(deployed, &permit).await {
            Ok(environment) => self.run_in(deployed, environment, (event, sink), &request_id).await,
            Err((failure, log, init)) => (Err(error_of(failure, &request_id)), Some(init), Duration::ZERO, log.take()),
        };
        let error = answer.as_ref().err().cloned();
        let described =
            || event_log::Event::Ended { function: name.into(), error: error.as_ref().map(ToString::to_string) };
        self.faults.log.add(described);
        let (function, memory) = (name.to_owned(), deployed.function.memory);
        let record = Record { request_id, function, init, duration, memory, log, error };
        self.records.push(record.clone());
        Ok(Finished { answer, record })
    }

    /// One that waits for work, or a new one.
    async fn environment(&self, deployed: &Deployed, permit: &Permit) -> Result<Started, (Failure, Log, Duration)> {
        let name = &deployed.function.name;
        if let Some(idle) = deployed.pool.idle_environment()
            && !self.faults.takes_idle(name)
        {
            return Ok(idle);
        }
        let begin = Instant::now();
        self.faults.start(name).await;
        let log = Log::new(name, self.log.clone());
        let mut variables = variables::given_by_lambda(&deployed.function, &self.site, self.log_stream());
        variables.extend(deployed.variables.clone());
        match self.starter.start(name, variables, &log).await {
            Ok(environment) => Ok(Pool::started(permit, environment, log, begin.elapsed())),
            Err(failure) => Err((failure, log, begin.elapsed())),
        }
    }

    /// An environment is used again if it answered, be it with an error. One that took too long or died is dropped.
    async fn run_in(
        &self,
        deployed: &Deployed,
        started: Started,
        (payload, sink): (Bytes, Option<Sink>),
        request_id: &str,
    ) -> (Result<Bytes, InvokeError>, Option<Duration>, Duration, Vec<String>) {
        let seconds = deployed.function.timeout;
        let limit = Duration::from_secs(seconds.into());
        let invocation = Invocation {
            request_id: request_id.into(),
            deadline: self.clock.now() + limit,
            function_arn: self.site.function_arn(&deployed.function.name),
            trace_id: Some(self.trace_id()),
            payload,
            sink,
        };
        let (begin, init, log) = (Instant::now(), started.init, started.log.clone());
        let died = |how| Err(Failure::Exited(how));
        let work = started.environment.invoke(invocation);
        let work = self.faults.invocation(&deployed.function.name, init.is_some(), work, died);
        let outcome = tokio::time::timeout(limit, work).await;
        let answer = match outcome {
            Err(_) => Err(InvokeError::TimedOut { request_id: request_id.into(), seconds }),
            Ok(Ok(answer)) if answer.len() > limits::RESPONSE => {
                deployed.pool.keep(started);
                Err(InvokeError::Failed(limits::response_too_large()))
            }
            Ok(Err(Failure::Exited(how))) => Err(error_of(Failure::Exited(how), request_id)),
            Ok(answer) => {
                deployed.pool.keep(started);
                answer.map_err(|failure| error_of(failure, request_id))
            }
        };
        (answer, init, begin.elapsed(), log.take())
    }

    /// `2020/03/12/[$LATEST]0f4a…`
    fn log_stream(&self) -> String {
        let seconds = i64::try_from(self.clock.since_epoch().as_secs()).unwrap_or_default();
        let day = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH).strftime("%Y/%m/%d");
        format!("{day}/[$LATEST]{}", self.random.hex::<16>())
    }

    /// `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0`
    fn trace_id(&self) -> String {
        let seconds = self.clock.since_epoch().as_secs();
        format!("Root=1-{seconds:08x}-{};Parent={};Sampled=0", self.random.hex::<12>(), self.random.hex::<8>())
    }
}

fn error_of(failure: Failure, request_id: &str) -> InvokeError {
    match failure {
        Failure::Function(error) => InvokeError::Failed(error),
        Failure::Exited(how) => InvokeError::Exited { request_id: request_id.into(), how },
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("functions", &self.functions.keys()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive() // the variables hold keys
    }
}
