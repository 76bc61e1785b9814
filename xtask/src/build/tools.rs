//! The programs that a build needs. One that is missing is named with the command that installs it, before minutes of
//! compilation and not after.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::compile::With;
use crate::cargo;

/// Fails if something of what compiles for the target is not installed.
pub(super) fn check(with: With, target: &str) -> Result<()> {
    if with == With::CargoLambda {
        check_cargo_lambda()?;
        check_zig()?;
    }
    check_target(target)
}

fn check_cargo_lambda() -> Result<()> {
    ensure!(
        succeeds(cargo::command().args(["lambda", "--version"])),
        "`cargo lambda` is not installed: run `pip install cargo-lambda`, which brings zig along, or \
         `cargo install cargo-lambda --locked`"
    );
    Ok(())
}

/// `cargo lambda` would ask whether to install zig, or do it unasked. It looks in these places.
fn check_zig() -> Result<()> {
    let named = |variable, default: &str| env::var_os(variable).unwrap_or_else(|| default.into());
    let python = named("CARGO_ZIGBUILD_PYTHON_PATH", if cfg!(windows) { "python" } else { "python3" });
    let found = env::var_os("CARGO_ZIGBUILD_ZIG_COMMAND").is_some()
        || succeeds(Command::new(python).args(["-m", "ziglang", "version"]))
        || succeeds(Command::new(named("CARGO_ZIGBUILD_ZIG_PATH", "zig")).arg("version"));
    ensure!(found, "zig, with which `cargo lambda` links, is not installed: run `pip install ziglang`");
    Ok(())
}

/// Asked of rustc, because not every rustc comes from rustup.
fn check_target(target: &str) -> Result<()> {
    let libraries = rustc(&["--print", "target-libdir", "--target", target])?;
    if !Path::new(libraries.trim()).is_dir() {
        bail!("rustc cannot compile for {target}: run `rustup target add {target}`");
    }
    Ok(())
}

/// What rustc prints.
pub(super) fn rustc(arguments: &[&str]) -> Result<String> {
    let program = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output =
        Command::new(program).args(arguments).stderr(Stdio::inherit()).output().context("cannot start rustc")?;
    ensure!(output.status.success(), "`rustc {}` failed", arguments.join(" "));
    String::from_utf8(output.stdout).context("cannot read what rustc prints")
}

fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}
