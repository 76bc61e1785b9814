//! The one compilation, so that the same sources give the same bytes.

use std::{env, ffi::OsString, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::{
    architecture::Target,
    elf,
    machine::Folders,
    program::{Build, Program},
    tools,
};
use crate::{
    application::Application,
    cargo::{self, Message},
};

/// What to compile, for what, with what.
#[derive(Debug)]
pub(super) struct Compilation<'a> {
    pub(super) target: Target,
    pub(super) profile: &'a str,
    pub(super) with: With,
}

/// The program that compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    /// `cargo lambda build`, which links with zig for Lambda's C library
    CargoLambda,
    /// `cargo build`, which links with this machine's linker for this machine's C library
    Cargo,
}

/// What cargo-lambda would set for the profile `release`, except for the panics: with `abort` one bad record would take
/// the whole function down, where Lambda and the local runner go on with the next.
const RELEASE: [&str; 4] = [
    "profile.release.lto=\"thin\"",
    "profile.release.codegen-units=1", // in parallel, the bytes would depend on the machine
    "profile.release.strip=\"symbols\"",
    "profile.release.panic=\"unwind\"",
];

/// The beginning of 1980, the first time that a zip archive can say.
const SOURCE_DATE_EPOCH: &str = "315532800";

/// What was compiled.
#[derive(Debug)]
pub(super) struct Binary {
    pub(super) bytes: Vec<u8>,
    /// What it is but for its line numbers, if that can be told.
    pub(super) program: Option<Program>,
}

/// Compiles the application and returns the binary, which runs where it is meant to.
pub(super) fn binary(application: &Application, compilation: &Compilation<'_>) -> Result<Binary> {
    let &Compilation { target, with, .. } = compilation;
    ensure!(
        with == With::CargoLambda || target.architecture.is_this_machines(),
        "plain cargo compiles for this machine's processor only: leave `--with cargo` out, or choose another `--arch`"
    );
    tools::check(with, target.triple())?;
    eprintln!("building `{}` for {} with {}", application.package, target.architecture.name(), with.program());
    let folders = Folders::of(application)?;
    let (path, messages) = compilation.run(application, &folders)?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    elf::check(&bytes, target)?;
    let named = folders.named_in(&bytes);
    for folder in &named {
        eprintln!("warning: the binary names {}: elsewhere, the same sources give other bytes", folder.display());
    }
    let program = Program::of(&Build { application, compilation, messages: &messages, binary: &bytes, named: &named })
        .inspect_err(|reason| eprintln!("note: a changed comment may count as a change: {reason:#}"));
    Ok(Binary { bytes, program: program.ok() })
}

impl Compilation<'_> {
    /// Says where the binary is, and what cargo told.
    fn run(&self, application: &Application, folders: &Folders) -> Result<(PathBuf, Vec<Message>)> {
        let mut command = cargo::command();
        match self.with {
            With::CargoLambda => command.args(["lambda", "build", "--skip-target-check", "--disable-optimizations"]),
            With::Cargo => command.arg("build"),
        };
        command.args(["--package", &application.package, "--bin", &application.binary]);
        command.args(["--target", self.target.triple(), "--profile", self.profile]);
        if self.profile == "release" {
            command.args(RELEASE.iter().flat_map(|setting| ["--config", setting]));
        }
        command.current_dir(application.workspace());
        self.reproducibly(&mut command, folders);
        match self.with {
            With::CargoLambda => lambda_binary(&mut command, application),
            With::Cargo => {
                let messages = cargo::messages(&mut command, &application.package)?;
                Ok((cargo::executable(&messages, &application.package, &application.binary)?, messages))
            }
        }
    }

    /// Sets what the compilers see of this machine.
    fn reproducibly(&self, command: &mut Command, folders: &Folders) {
        let flags: Vec<String> = [format!("-Ctarget-cpu={}", self.target.architecture.cpu())]
            .into_iter()
            .chain(folders.rust_flags())
            .collect();
        match theirs() {
            Some(theirs) => command.env("CARGO_ENCODED_RUSTFLAGS", joined(theirs, &flags)),
            None => command.arg("--config").arg(format!("build.rustflags={}", serde_json::json!(flags))),
        };
        command.env("CARGO_INCREMENTAL", "0").env("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH);
    }
}

impl With {
    fn program(self) -> &'static str {
        match self {
            Self::CargoLambda => "cargo lambda",
            Self::Cargo => "plain cargo, which links with this machine's C library",
        }
    }
}

/// The user's flags in the environment, which cargo takes instead of those in its configuration.
fn theirs() -> Option<OsString> {
    env::var_os("CARGO_ENCODED_RUSTFLAGS").or_else(|| {
        let flags = env::var("RUSTFLAGS").ok()?;
        Some(flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR).into())
    })
}

const SEPARATOR: &str = "\u{1f}";

fn joined(mut theirs: OsString, ours: &[String]) -> OsString {
    for flag in ours {
        if !theirs.is_empty() {
            theirs.push(SEPARATOR);
        }
        theirs.push(flag);
    }
    theirs
}

/// cargo-lambda says nothing of where it writes; that a file from before is gone shows that it wrote this one.
fn lambda_binary(command: &mut Command, application: &Application) -> Result<(PathBuf, Vec<Message>)> {
    let path = application.target.join("lambda").join(&application.binary).join("bootstrap");
    if path.exists() {
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    let messages =
        cargo::messages(command, &application.package).context("`cargo lambda build` failed, for the reason above")?;
    ensure!(path.exists(), "`cargo lambda build` did not write {}", path.display());
    Ok((path, messages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_flags_stay() {
        assert_eq!(joined("-Clto".into(), &["--a".into(), "--b".into()]), "-Clto\u{1f}--a\u{1f}--b");
        assert_eq!(joined(OsString::new(), &["--a".into()]), "--a");
    }
}
