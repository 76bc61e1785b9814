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

/// `cargo lambda` would ask whether to install zig, or do it unasked.
fn check_zig() -> Result<()> {
    let found = env::var_os(ZIG_COMMAND).is_some() || zig().is_some();
    ensure!(found, "zig, with which `cargo lambda` links, is not installed: run `pip install ziglang`");
    Ok(())
}

const ZIG_COMMAND: &str = "CARGO_ZIGBUILD_ZIG_COMMAND";

/// Its version, from where `cargo lambda` looks for it.
fn zig() -> Option<String> {
    let named = |variable, default: &str| env::var_os(variable).unwrap_or_else(|| default.into());
    let python = named("CARGO_ZIGBUILD_PYTHON_PATH", if cfg!(windows) { "python" } else { "python3" });
    output(Command::new(python).args(["-m", "ziglang", "version"]))
        .or_else(|| output(Command::new(named("CARGO_ZIGBUILD_ZIG_PATH", "zig")).arg("version")))
}

/// What compiles, to the last digit of its version.
pub(super) fn versions(with: With) -> Result<String> {
    let mut versions = rustc(&["--version", "--verbose"])?;
    if with == With::CargoLambda {
        versions += &output(cargo::command().args(["lambda", "--version"])).context("`cargo lambda` has no version")?;
        let zig = env::var(ZIG_COMMAND).ok().or_else(zig).context("zig has no version")?;
        versions += &zig;
    }
    Ok(versions)
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
    output(command).is_some()
}

/// What a program prints that succeeds.
fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
