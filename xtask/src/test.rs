//! `cargo xtask test`: the tests need no service, container or account, so it is `cargo test` of the whole workspace.

use std::ffi::OsString;

use anyhow::{Context, Result, ensure};

use crate::cargo;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Passed on to `cargo test`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    rest: Vec<OsString>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let status =
        cargo::command().args(["test", "--workspace"]).args(&args.rest).status().context("cannot start cargo")?;
    ensure!(status.success(), "the tests failed");
    Ok(())
}
