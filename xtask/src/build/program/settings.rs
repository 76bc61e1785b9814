//! What decides a compilation besides the sources: tools, flags, profiles, and cargo's configuration.
//!
//! It is taken rather wide. A setting that changes nothing of the binary, and is not the same elsewhere, only leaves the decision to the bytes.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{Build, Inputs};
use crate::build::{machine, tools};

/// Variables, and beginnings of others, that compilers and cargo read.
const VARIABLES: [&str; 12] = [
    "AR",
    "CARGO_BUILD",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_LAMBDA",
    "CARGO_PROFILE",
    "CARGO_TARGET",
    "CARGO_UNSTABLE",
    "CARGO_ZIGBUILD",
    "CC",
    "CFLAGS",
    "RUSTC",
    "RUSTFLAGS",
];
/// Those of them that say where and how fast, and not what.
const INDIFFERENT: [&str; 4] =
    ["CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_JOBS", "CARGO_BUILD_TARGET_DIR", "CARGO_TARGET_DIR"];
/// Tables of cargo's configuration from which no byte of a binary comes; what is downloaded is in the lock file.
const INDIFFERENT_TABLES: [&str; 11] = [
    "alias",
    "cache",
    "cargo-new",
    "credential-alias",
    "future-incompat-report",
    "http",
    "net",
    "registries",
    "registry",
    "source",
    "term",
];
/// Files of the workspace's root.
const FILES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "CargoLambda.toml"];

pub(super) fn add(inputs: &mut Inputs, build: &Build<'_>) -> Result<()> {
    let (workspace, compilation) = (build.application.workspace(), build.compilation);
    inputs.add("compilation", format!("{compilation:?} {}", env!("CARGO_PKG_VERSION")).as_bytes());
    inputs.add("tools", tools::versions(compilation.with)?.as_bytes());
    inputs.add("environment", environment(env::vars_os().filter_map(text)).as_bytes());
    inputs.add("configuration", configuration(&configuration_files(workspace)?)?.as_bytes());
    for file in FILES {
        if let Ok(content) = fs::read(workspace.join(file)) {
            inputs.add(file, &content);
        }
    }
    Ok(())
}

fn text((name, value): (std::ffi::OsString, std::ffi::OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
}

fn environment(variables: impl Iterator<Item = (String, String)>) -> String {
    let counts = |name: &str| {
        let of = |known: &&str| name.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        VARIABLES.iter().any(of) && !INDIFFERENT.contains(&name)
    };
    let mut lines: Vec<_> =
        variables.filter(|(name, _)| counts(name)).map(|(name, value)| format!("{name}={value}\n")).collect();
    lines.sort();
    lines.concat()
}

/// Where cargo looks: beside the workspace and above, and in its home.
fn configuration_files(workspace: &Path) -> Result<Vec<PathBuf>> {
    let folders = workspace.ancestors().map(|folder| folder.join(".cargo")).chain([machine::cargo_home()?]);
    let files = folders.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)));
    Ok(files.filter(|file| file.is_file()).collect())
}

/// What is left of the files when the indifferent is taken away.
fn configuration(files: &[PathBuf]) -> Result<String> {
    let mut lines = String::new();
    for file in files {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut tables: toml::Table = text.parse().with_context(|| format!("cannot read {}", file.display()))?;
        tables.retain(|name, _| !INDIFFERENT_TABLES.contains(&name));
        if !tables.is_empty() {
            lines += &format!("{}\n", serde_json::json!(tables));
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_compilers_read_count() {
        let variables =
            ["PATH", "RUSTFLAGS", "CARGO_TARGET_DIR", "CC_aarch64", "CCACHE_DIR", "CARGO_PKG_NAME", "CFLAGS"];
        let told = environment(variables.into_iter().map(|name| (name.to_owned(), "x".to_owned())));
        assert_eq!(told, "CC_aarch64=x\nCFLAGS=x\nRUSTFLAGS=x\n");
    }

    #[test]
    fn of_cargo_s_configuration_that_counts_from_which_bytes_come() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let told = |text: &str| {
            fs::write(&file, text).unwrap();
            configuration(std::slice::from_ref(&file)).unwrap()
        };
        assert_eq!(told("[alias]\nxtask = \"run\"\n[net]\noffline = true\n"), "");
        assert_eq!(told("[build]\nrustflags = []\n"), "{\"build\":{\"rustflags\":[]}}\n");
    }
}
