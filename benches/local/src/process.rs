//! Servers in processes of their own.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// A server that listens. It is ended when this is dropped.
pub struct Served {
    process: Child,
    address: SocketAddr,
}

/// An address at which nobody listens.
pub fn free_address() -> SocketAddr {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    free.local_addr().expect("a bound socket")
}

/// Runs a command to its end, and returns what it complains about if it fails.
pub fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

impl Served {
    /// Starts a command that listens at this address, and waits until it does.
    pub fn start(command: &mut Command, address: SocketAddr) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let mut started = Self { process, address };
        started.wait_until_it_listens();
        started
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait_until_it_listens(&mut self) {
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(self.address).is_err() {
            let ended = self.process.try_wait().expect("a child");
            assert!(ended.is_none() && Instant::now() < until, "the server does not listen: {ended:?}");
            thread::sleep(BETWEEN_LOOKS);
        }
    }

    fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.process.try_wait()?.is_some())
    }
}

/// Asks it to end, so that it ends what it has started as well.
impl Drop for Served {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        let until = Instant::now() + PATIENCE;
        while asked.as_ref().is_ok_and(|status| status.success()) && Instant::now() < until {
            if self.has_ended().unwrap_or(true) {
                return;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let _ = self.process.kill(); // it ended by itself, or does not want to
        let _ = self.process.wait();
    }
}
