//! What is asked of cargo: the packages of the workspace, and to build one of them.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// The cargo that runs this process, otherwise the one in the path.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The part of `cargo metadata` that is needed here.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
    pub(crate) workspace_root: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
    pub(crate) default_run: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
}

impl Metadata {
    /// The workspace around a directory.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let output = command()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(directory)
            .stderr(Stdio::inherit())
            .output()
            .context("cannot start cargo")?;
        ensure!(output.status.success(), "`cargo metadata` failed: run this inside a cargo project");
        serde_json::from_slice(&output.stdout).context("cannot read the output of `cargo metadata`")
    }
}

/// Builds a binary and says where it is. The compiler's messages go to standard error as cargo prints them.
pub(crate) fn build(workspace: &Path, package: &str, binary: &str) -> Result<PathBuf> {
    let mut cargo = command();
    cargo.args(["build", "--package", package, "--bin", binary]).current_dir(workspace);
    executable_of(&mut cargo, package, binary)
}

/// Runs a `cargo build` and says where the binary that it built is.
pub(crate) fn executable_of(build: &mut Command, package: &str, binary: &str) -> Result<PathBuf> {
    let mut cargo = build
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let stdout = cargo.stdout.take().context("cargo has no standard output")?;
    let executable = find_executable(BufReader::new(stdout), binary);
    let status = cargo.wait().context("cannot wait for cargo")?;
    ensure!(status.success(), "`{package}` does not compile");
    match executable? {
        Some(path) => Ok(path),
        None => bail!("cargo built `{package}` but named no executable `{binary}`"),
    }
}

/// One line of cargo's JSON messages; only those about the binary have an executable.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

fn find_executable(messages: impl BufRead, binary: &str) -> Result<Option<PathBuf>> {
    let mut found = None;
    for line in messages.lines() {
        let line = line.context("cannot read cargo's messages")?;
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        if message.target.is_some_and(|target| target.name == binary && target.is_binary()) {
            found = message.executable.or(found);
        }
    }
    Ok(found)
}

impl Target {
    pub(crate) fn is_binary(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_the_binarys_and_not_a_build_scripts() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"build-script-build","kind":["custom-build"]},"executable":"/t/build"}
{"reason":"compiler-artifact","target":{"name":"orders","kind":["lib"]},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"orders","kind":["bin"]},"executable":"/t/orders"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(find_executable(messages.as_bytes(), "orders").unwrap(), Some(PathBuf::from("/t/orders")));
    }

    #[test]
    fn this_workspace_has_this_package() {
        let metadata = Metadata::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(metadata.packages.iter().any(|package| package.name == "skyloom-xtask"));
    }
}
