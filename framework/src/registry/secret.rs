//! What `#[derive(Secret)]` registers.

use super::Source;

/// A `#[derive(Secret)]`.
#[derive(Debug)]
pub struct SecretEntry {
    pub name: &'static str,
    /// The doc comment; empty without one.
    pub description: &'static str,
    pub source: Source,
    pub origin: SecretOrigin,
}

/// Who makes a secret and its value.
#[derive(Clone, Copy, Debug)]
pub enum SecretOrigin {
    Existing(&'static str),
    Empty,
    Generated { length: u32, punctuation: bool },
}
