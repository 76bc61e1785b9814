//! What was not done because nobody agreed to it. It has an exit code of its own, so that a pipeline can tell it from a
//! failure.

use std::fmt;

/// The exit code.
pub(crate) const EXIT_CODE: u8 = 3;

/// Nothing was changed, and why.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
