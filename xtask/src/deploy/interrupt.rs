//! Ctrl-C while AWS works. It goes on there, whoever looks on, so that what to do next is said.

use std::{fmt, future::Future};

use anyhow::{Context, Result};

/// The exit code that shells have for it.
pub(crate) const EXIT_CODE: u8 = 130;

/// Nobody waited for the end.
#[derive(Debug)]
pub(crate) struct Interrupted(&'static str);

/// Does work until it is done or Ctrl-C is pressed. `command` is what takes it up again.
pub(super) async fn until<T>(work: impl Future<Output = Result<T>>, command: &'static str) -> Result<T> {
    tokio::select! {
        done = work => done,
        signal = tokio::signal::ctrl_c() => {
            signal.context("cannot wait for Ctrl-C")?;
            Err(Interrupted(command).into())
        }
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(command) = self;
        write!(
            f,
            "interrupted, but CloudFormation goes on with what it has begun: run `{command}` again, which follows it to its end first"
        )
    }
}

impl std::error::Error for Interrupted {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_away_is_told_what_takes_it_up_again() {
        let said = Interrupted("cargo xtask deploy").to_string();
        assert!(said.contains("CloudFormation goes on") && said.contains("run `cargo xtask deploy` again"), "{said}");
    }

    #[tokio::test]
    async fn what_comes_to_its_end_is_not_interrupted() {
        assert_eq!(until(async { Ok(7) }, "cargo xtask deploy").await.unwrap(), 7);
        assert!(until(async { Err::<(), _>(anyhow::anyhow!("why")) }, "").await.unwrap_err().to_string() == "why");
    }
}
