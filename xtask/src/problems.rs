//! How what is wrong with an application is told.

use anyhow::{Result, bail};
use skyloom_manifest::Problem;

/// Prints each problem on a line of its own, `file:line: `name`: message`, and fails if there is one.
pub(crate) fn report(problems: &[Problem]) -> Result<()> {
    for problem in problems {
        eprintln!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("the application has a problem"),
        count => bail!("the application has {count} problems"),
    }
}
