//! `cargo lambda watch`, from PyPI, in a folder of its own.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::function;

const REQUIREMENT: &str = "cargo-lambda==1.9.2";
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, installed if it is not there yet.
pub fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(REQUIREMENT);
    let program = folder.join("bin/cargo-lambda");
    if !program.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", REQUIREMENT]))?;
    }
    Ok(program)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

/// One that serves the function, which is always that handler, on any port.
pub struct CargoLambda {
    process: Child,
    address: SocketAddr,
}

impl CargoLambda {
    pub fn start(program: &Path, handler: &str, concurrency: usize) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = free.local_addr().expect("a bound socket");
        drop(free);
        let process = Command::new(program)
            .args(["lambda", "watch", "--quiet", "--ignore-changes", "--release"])
            .args(["--manifest-path", function::PACKAGE, "--invoke-address", "127.0.0.1"])
            .args(["--invoke-port", &address.port().to_string(), "--concurrency", &concurrency.to_string()])
            .args(["--env-var", &format!("_HANDLER={handler}")])
            .env("CARGO", function::cargo())
            .env("CARGO_TARGET_DIR", function::target()) // `--target-dir` breaks its `cargo metadata`
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cargo lambda starts");
        let mut started = Self { process, address };
        started.wait_until_it_listens();
        started
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait_until_it_listens(&mut self) {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(self.address).is_err() {
            let ended = self.process.try_wait().expect("a child");
            assert!(ended.is_none() && Instant::now() < until, "cargo lambda does not serve: {ended:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Asks it to end, so that it ends its functions as well.
impl Drop for CargoLambda {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        let until = Instant::now() + PATIENCE;
        while asked.as_ref().is_ok_and(|status| status.success()) && Instant::now() < until {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill(); // it ended by itself, or does not want to
        let _ = self.process.wait();
    }
}
