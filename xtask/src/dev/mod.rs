//! `cargo xtask dev`: the application and everything of AWS that it needs, on this machine.

mod absent;
mod banner;
pub(crate) mod log;
mod secrets;
mod users;
mod watch;

use std::{
    io::Write as _,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::ValueEnum;
use skyloom_local::server::{self, Server, SigningKey};
use skyloom_manifest::Manifest;
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
};

use self::watch::Watch;
use crate::{ApplicationArgs, application::Application};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    /// The port of the API; of several, the default one has it, and the others have those that follow
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The port of the AWS endpoint
    #[arg(long, default_value_t = 4566)]
    aws_port: u16,
    /// The folder that keeps items and users from run to run, instead of target/skyloom/APP
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Forget the state of earlier runs
    #[arg(long)]
    fresh: bool,
    /// Whose name tokens carry as their issuer
    #[arg(long, value_enum, default_value_t = Issuer::Aws)]
    issuer: Issuer,
    /// Take TLS on the same ports, too, with a certificate of this machine
    #[arg(long)]
    tls: bool,
}

/// Who a token says that it is from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Issuer {
    /// Cognito, so that verifiers made for it accept the tokens
    Aws,
    /// The URL at which the keys are really served
    Local,
}

/// Builds the application, serves it, and serves it anew after each change of its source, until Ctrl-C.
pub(crate) fn run(args: &Args) -> Result<()> {
    let signing_key = SigningKey::prepare();
    let application = Arc::new(args.application.pick()?);
    let (manifest, executable) = application.load()?;
    let built = Instant::now();
    let runtime = runtime::Builder::new_multi_thread().enable_all().build().context("cannot start tokio")?;
    let result = runtime.block_on(async {
        let mut server = Server::start(manifest, executable.clone(), options(args, &application, signing_key)).await?;
        secrets::fill(&server, &application)?;
        users::import(&server, &application)?;
        banner::print(&server, built.elapsed()).await?;
        let outcome = serve(&mut server, &application, executable).await;
        server.shut_down().await?;
        outcome
    });
    runtime.shutdown_background(); // a build that is under way is not waited for
    result
}

fn options(args: &Args, application: &Application, signing_key: SigningKey) -> server::Options {
    server::Options {
        port: args.port,
        aws_port: args.aws_port,
        state: args.state.clone().unwrap_or_else(|| application.target.join("skyloom").join(&application.package)),
        fresh: args.fresh,
        signing_key,
        issuer: match args.issuer {
            Issuer::Aws => server::Issuer::Aws,
            Issuer::Local => server::Issuer::Local,
        },
        log: Arc::new(|function, line| say(&log::render(function, line))),
        tls: args.tls,
        messages: Arc::new(|message| say(&format!("SENT  {message}"))),
    }
}

/// Writes a line to standard error. The server outlives whoever read it: `eprintln!` would panic.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Rebuilds after each change until the process is told to stop.
async fn serve(server: &mut Server, application: &Arc<Application>, executable: PathBuf) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for the signal to end")?;
    let mut watch = Watch::of(&executable, application.workspace())?;
    loop {
        let rebuild = async {
            watch.changed().await;
            load(application).await
        };
        let loaded = tokio::select! {
            loaded = rebuild => loaded,
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        };
        let replaced = async {
            let (manifest, executable, took) = loaded?;
            watch.extend(&executable)?; // a new module may be in a new folder
            server.replace(manifest, executable).await?;
            secrets::fill(server, application)?;
            users::import(server, application)?;
            anyhow::Ok(took)
        };
        match replaced.await {
            Ok(took) => say(&format!("reloaded in {:.1} s", took.as_secs_f64())),
            Err(error) => say(&format!("error: {error:#}\nthe version from before goes on serving")),
        }
    }
}

async fn load(application: &Arc<Application>) -> Result<(Manifest, PathBuf, Duration)> {
    let application = Arc::clone(application);
    let began = Instant::now();
    say("the source changed: building");
    let loaded = tokio::task::spawn_blocking(move || application.load()).await.context("the build was given up")?;
    loaded.map(|(manifest, executable)| (manifest, executable, began.elapsed()))
}
