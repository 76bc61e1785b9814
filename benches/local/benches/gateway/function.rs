//! The function that is served, as it would be deployed: a release build without anything of the local runner.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use skyloom_manifest::Manifest;

/// The package that it is in, and its name.
pub const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
pub const NAME: &str = "with_skyloom";

/// The program that built this.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where cargo builds: it gives benches a folder inside.
pub fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder in the target folder")
}

pub fn build() -> PathBuf {
    let mut build = Command::new(cargo());
    build.args(["build", "--quiet", "--release", "--bin", NAME, "--manifest-path", PACKAGE]);
    build.arg("--target-dir").arg(target());
    assert!(build.status().expect("cargo runs").success(), "the function does not build");
    target().join("release").join(NAME)
}

pub fn manifest(function: &Path) -> Manifest {
    let output = Command::new(function).arg("manifest").output().expect("the function prints its manifest");
    serde_json::from_slice(&output.stdout).expect("a manifest")
}
