use std::{
    collections::BTreeMap,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use skyloom_manifest::bridge::{FunctionError, Invocation};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use super::{
    environment::{Environment, Failure, Log},
    runtime_api::RuntimeApi,
};

/// A function has so long to ask for its first event.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib>
const INIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The application's binary, run as one of its functions, and the Runtime API that it polls. Dropping it kills the child.
pub(super) struct Process {
    api: Arc<RuntimeApi>,
    pipes: [Pipe; 2],
    /// How it ended, once it has.
    exited: watch::Receiver<Option<String>>,
    /// The guard ends when this is dropped.
    _wanted: watch::Sender<()>,
}

/// All children, so that they can be stopped together and be waited for.
pub(super) struct Nursery {
    stop: watch::Sender<bool>,
    child_alive: mpsc::Sender<()>,
    all_dead: mpsc::Receiver<()>,
}

impl Nursery {
    pub(super) fn new() -> Self {
        let (child_alive, all_dead) = mpsc::channel(1);
        Self { stop: watch::Sender::new(false), child_alive, all_dead }
    }

    /// What a child's guard holds.
    pub(super) fn place(&self) -> Place {
        Place { stop: self.stop.subscribe(), _alive: self.child_alive.clone() }
    }

    /// Kills every child and waits until each is dead.
    pub(super) async fn close(mut self) {
        self.stop.send_replace(true);
        drop(self.child_alive);
        while self.all_dead.recv().await.is_some() {}
    }
}

/// A child's place in the [`Nursery`].
pub(super) struct Place {
    stop: watch::Receiver<bool>,
    _alive: mpsc::Sender<()>,
}

impl Process {
    /// Starts a child and waits until it asks for its first event.
    pub(super) async fn start(
        binary: &Path,
        mut variables: BTreeMap<String, String>,
        log: &Log,
        place: Place,
    ) -> Result<Environment, Failure> {
        let cannot = |what: &str, error: std::io::Error| {
            Failure::Function(FunctionError {
                error_type: "Runtime.InvalidEntrypoint".into(),
                error_message: format!("{what}: {error}"),
            })
        };
        let api = RuntimeApi::listen().await.map_err(|error| cannot("the Runtime API cannot be served", error))?;
        let api = Arc::new(api);
        variables.insert("AWS_LAMBDA_RUNTIME_API".into(), api.address().to_string());
        let child = spawn(binary, &variables)
            .map_err(|error| cannot(&format!("{} cannot be started", binary.display()), error))?;
        let process = Self::guarding(child, api, log, place);
        process.initialized().await?;
        Ok(Environment::Process(process))
    }

    fn guarding(mut child: Child, api: Arc<RuntimeApi>, log: &Log, mut place: Place) -> Self {
        let (stdout, out) = Pipe::new(child.stdout.take(), log);
        let (stderr, err) = Pipe::new(child.stderr.take(), log);
        let (report, exited) = watch::channel(None);
        let (wanted, unwanted) = watch::channel(());
        let served = Arc::clone(&api);
        tokio::spawn(async move {
            let how = guard(child, unwanted, &mut place).await;
            drop(served); // not before: a child that loses the Runtime API complains of it in the log
            for reader in [out, err] {
                // What a dying child wrote belongs to the invocation that it died of. A grandchild may hold the pipe.
                let _ = tokio::time::timeout(Duration::from_secs(1), reader).await;
            }
            report.send_replace(Some(how));
            drop(place); // only now is the child gone with all that it wrote
        });
        Self { api, pipes: [stdout, stderr], exited, _wanted: wanted }
    }

    async fn initialized(&self) -> Result<(), Failure> {
        let ready = self.unless_dead(self.api.initialized());
        let late = |_| FunctionError {
            error_type: "Sandbox.Timedout".into(),
            error_message: format!("Init timed out after {} seconds", INIT_TIMEOUT.as_secs()),
        };
        tokio::time::timeout(INIT_TIMEOUT, ready).await.map_err(late).map_err(Failure::Function)?
    }

    pub(super) async fn invoke(&self, invocation: Invocation) -> Result<Bytes, Failure> {
        let answer = self.unless_dead(self.api.exchange(invocation)).await;
        let [stdout, stderr] = &self.pipes;
        tokio::join!(stdout.flush(), stderr.flush());
        answer
    }

    pub(super) fn is_alive(&self) -> bool {
        self.exited.borrow().is_none()
    }

    /// What the child said, or how it died without.
    async fn unless_dead<T>(&self, said: impl Future<Output = Result<T, FunctionError>>) -> Result<T, Failure> {
        let mut exited = self.exited.clone();
        tokio::select! {
            biased;
            said = said => said.map_err(Failure::Function),
            how = exited.wait_for(Option::is_some) => {
                let how = how.ok().and_then(|how| how.clone());
                Err(Failure::Exited(how.unwrap_or_else(|| "without providing a reason".into())))
            }
        }
    }
}

/// Nothing of the environment of this process reaches the child but what Lambda would give it.
fn spawn(binary: &Path, variables: &BTreeMap<String, String>) -> std::io::Result<Child> {
    let mut command = Command::new(binary);
    command.env_clear().envs(variables);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0); // Ctrl-C in the terminal is this process's to handle
    command.spawn()
}

/// Waits until the child is dead, by itself or because nobody wants it any more.
async fn guard(mut child: Child, mut unwanted: watch::Receiver<()>, place: &mut Place) -> String {
    tokio::select! {
        status = child.wait() => return status.map_or_else(|error| format!("with error: {error}"), how_it_ended),
        _ = unwanted.changed() => {}
        _ = place.stop.wait_for(|stop| *stop) => {}
    }
    let _ = child.kill().await; // fails only where it is dead already
    "with error: signal: killed".into()
}

/// In Lambda's words.
fn how_it_ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("with error: signal: {}", signal_name(signal));
    }
    match status.code() {
        Some(0) | None => "without providing a reason".into(),
        Some(code) => format!("with error: exit status {code}"),
    }
}

#[cfg(unix)]
fn signal_name(number: i32) -> String {
    let name = match number {
        4 => "illegal instruction",
        6 => "aborted",
        9 => "killed",
        11 => "segmentation fault",
        15 => "terminated",
        _ => return number.to_string(),
    };
    name.into()
}

/// Hands each line that the child writes to the log.
struct Pipe(mpsc::UnboundedSender<oneshot::Sender<()>>);

impl Pipe {
    fn new(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, log: &Log) -> (Self, JoinHandle<()>) {
        let (sender, flushes) = mpsc::unbounded_channel();
        let log = log.clone();
        let reader = tokio::spawn(async move {
            if let Some(pipe) = pipe {
                pass_on(BufReader::new(pipe), &log, flushes).await;
            }
        });
        (Self(sender), reader)
    }

    /// Returns once the log has what was written until now: a line belongs to the invocation that wrote it.
    async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        if self.0.send(done).is_ok() {
            let _ = flushed.await; // fails where the pipe has ended, and then everything was read
        }
    }
}

async fn pass_on(
    mut pipe: impl AsyncBufRead + Unpin,
    log: &Log,
    mut flushes: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
) {
    let mut line = Vec::new();
    loop {
        tokio::select! {
            biased; // a flush is answered when there is nothing to read
            read = pipe.read_until(b'\n', &mut line) => {
                if !read.is_ok_and(|read| read > 0) {
                    return;
                }
                log.line(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
                line.clear();
            }
            Some(done) = flushes.recv() => {
                let _ = done.send(());
            }
        }
    }
}
