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
    executable(&messages(&mut cargo, package)?, package, binary)
}

/// Runs a `cargo build`, or a command that passes options on to one, and returns what it tells of each thing that it built.
pub(crate) fn messages(build: &mut Command, package: &str) -> Result<Vec<Message>> {
    let mut cargo = build
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let stdout = cargo.stdout.take().context("cargo has no standard output")?;
    let messages = read(BufReader::new(stdout));
    let status = cargo.wait().context("cannot wait for cargo")?;
    ensure!(status.success(), "`{package}` does not compile");
    messages
}

/// One line of cargo's JSON messages.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    /// `compiler-artifact`, `build-script-executed`
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) package_id: String,
    #[serde(default)]
    pub(crate) manifest_path: PathBuf,
    pub(crate) target: Option<Target>,
    #[serde(default)]
    pub(crate) filenames: Vec<PathBuf>,
    /// Only what is about a binary has one.
    pub(crate) executable: Option<PathBuf>,
}

impl Message {
    /// Whether it is about a package that is on this machine only, where anything of it may change at any time.
    pub(crate) fn is_local(&self) -> bool {
        self.package_id.starts_with("path+")
    }

    /// Whether it is about a crate that the program, or a macro of it, consists of.
    pub(crate) fn is_artifact(&self) -> bool {
        let is_script = self.target.as_ref().is_some_and(|target| target.kind.iter().any(|it| it == "custom-build"));
        self.reason == "compiler-artifact" && !is_script
    }
}

fn read(lines: impl BufRead) -> Result<Vec<Message>> {
    let mut messages = Vec::new();
    for line in lines.lines() {
        let line = line.context("cannot read cargo's messages")?;
        messages.extend(serde_json::from_str::<Message>(&line)); // compilers and scripts may print there too
    }
    Ok(messages)
}

/// Where a binary that was built is.
pub(crate) fn executable(messages: &[Message], package: &str, binary: &str) -> Result<PathBuf> {
    let is_it = |target: &Target| target.name == binary && target.is_binary();
    let of_binary = messages.iter().filter(|message| message.target.as_ref().is_some_and(is_it));
    match of_binary.filter_map(|message| message.executable.clone()).next_back() {
        Some(path) => Ok(path),
        None => bail!("cargo built `{package}` but named no executable `{binary}`"),
    }
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
        let messages = r#"{"reason":"compiler-artifact","package_id":"registry+https://x#serde@1.0.0","target":{"name":"build-script-build","kind":["custom-build"]},"executable":"/t/build"}
{"reason":"compiler-artifact","target":{"name":"orders","kind":["lib"]},"executable":null}
not json
{"reason":"compiler-artifact","package_id":"path+file:///w#orders@0.1.0","target":{"name":"orders","kind":["bin"]},"executable":"/t/orders"}
{"reason":"build-finished","success":true}"#;
        let messages = read(messages.as_bytes()).unwrap();
        assert_eq!(executable(&messages, "orders", "orders").unwrap(), PathBuf::from("/t/orders"));
        assert!(executable(&messages, "orders", "seed").unwrap_err().to_string().contains("no executable `seed`"));
        let local: Vec<_> = messages.iter().map(|it| (it.is_artifact(), it.is_local())).collect();
        assert_eq!(local, [(false, false), (true, false), (true, true), (false, false)]);
    }

    #[test]
    fn this_workspace_has_this_package() {
        let metadata = Metadata::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(metadata.packages.iter().any(|package| package.name == "skyloom-xtask"));
    }
}
