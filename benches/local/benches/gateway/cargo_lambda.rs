//! `cargo lambda watch`, from PyPI, in a folder of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use skyloom_benches_local::process::{Served, free_address, run};

use crate::function;

const REQUIREMENT: &str = "cargo-lambda==1.9.2";

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

/// Serves the function, which is always that handler, on any port.
pub fn start(program: &Path, handler: &str, concurrency: usize) -> Served {
    let address = free_address();
    let mut command = Command::new(program);
    command
        .args(["lambda", "watch", "--quiet", "--ignore-changes", "--release"])
        .args(["--manifest-path", function::PACKAGE, "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &address.port().to_string(), "--concurrency", &concurrency.to_string()])
        .args(["--env-var", &format!("_HANDLER={handler}")])
        .env("CARGO", function::cargo())
        .env("CARGO_TARGET_DIR", function::target()); // `--target-dir` breaks its `cargo metadata`
    Served::start(&mut command, address)
}
