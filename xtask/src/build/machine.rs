//! Where this machine keeps what is compiled, so that the binary does not say it.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::tools;
use crate::application::Application;

/// Folders whose paths the compiler would put into the binary, each with what it puts there instead.
#[derive(Debug)]
pub(super) struct Folders(Vec<(PathBuf, String)>);

impl Folders {
    /// The workspace, cargo's home and target folders, and Rust's own library.
    pub(super) fn of(application: &Application) -> Result<Self> {
        let sysroot = PathBuf::from(tools::rustc(&["--print", "sysroot"])?.trim());
        let version = tools::rustc(&["--version", "--verbose"])?;
        let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
        Ok(Self(vec![
            (application.workspace().to_owned(), "/workspace".into()),
            (cargo_home()?, "/cargo".into()),
            (application.target.clone(), "/target".into()), // after the workspace, which it is usually in: the last counts
            (sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{commit}")), // there with rust-src only
        ]))
    }

    /// The flags of rustc that replace them.
    pub(super) fn rust_flags(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
    }

    /// Those whose path is in the binary in spite of that, by a build script for example.
    pub(super) fn named_in(&self, binary: &[u8]) -> Vec<&Path> {
        self.0
            .iter()
            .map(|(folder, _)| folder.as_path())
            .filter(|folder| is_named(folder.as_os_str(), binary))
            .collect()
    }
}

/// Compares where the first byte is, for this is rare and the binary large.
fn is_named(folder: &OsStr, binary: &[u8]) -> bool {
    let path = folder.as_encoded_bytes();
    let Some(first) = path.first() else { return false };
    path.len() > 1 && (0..binary.len()).any(|at| binary[at] == *first && binary[at..].starts_with(path))
}

/// Where it keeps what it downloads, and its user's configuration.
pub(super) fn cargo_home() -> Result<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .context("cannot tell where cargo's home is: set CARGO_HOME")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders() -> Folders {
        Folders(vec![
            ("/home/ann/shop".into(), "/workspace".into()),
            ("/home/ann/shop/target".into(), "/target".into()),
        ])
    }

    #[test]
    fn each_folder_is_replaced_and_the_inner_one_last() {
        let flags: Vec<_> = folders().rust_flags().collect();
        assert_eq!(
            flags,
            ["--remap-path-prefix=/home/ann/shop=/workspace", "--remap-path-prefix=/home/ann/shop/target=/target"]
        );
    }

    #[test]
    fn a_path_that_got_into_the_binary_is_found() {
        assert_eq!(folders().named_in(b"\0/home/ann/shop/src\0"), [Path::new("/home/ann/shop")]);
        assert!(folders().named_in(b"\0/workspace/src\0").is_empty());
    }
}
