//! Whether two builds are the same program, though their bytes differ in the line numbers that messages name.
//!
//! A comment that moves code down changes bytes: the compiler writes the line of each place that can panic or log into the
//! binary, and stable Rust has no switch for leaving it out. Two binaries count as the same program where
//!
//! - everything that went into them is the same: of Rust sources the tokens and whether there is space between them, of every other
//!   file and setting the bytes ([`sources`], [`settings`]); and
//! - their code is the same, byte for byte, and so is the size of everything else in them ([`code`]).
//!
//! Each alone would leave a gap: tokens do not show what a macro makes of a line number, and code does not show a text that
//! changed within its length. Where either cannot be established, the bytes decide. Nothing about the application is read from its sources,
//! which are only compared.

mod code;
mod depinfo;
mod settings;
mod sources;
mod tokens;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use super::{compile::Compilation, digest::Digest};
use crate::{application::Application, cargo::Message};

/// What a binary is, but for its line numbers: two digests, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Program {
    /// Of everything that it was compiled from and with.
    pub(crate) sources: String,
    /// Of its code, and of the sizes of its sections.
    pub(crate) code: String,
}

/// A build that has ended.
#[derive(Debug)]
pub(super) struct Build<'a> {
    pub(super) application: &'a Application,
    pub(super) compilation: &'a Compilation<'a>,
    /// What cargo told of it.
    pub(super) messages: &'a [Message],
    pub(super) binary: &'a [u8],
    /// Folders of this machine that the binary names.
    pub(super) named: &'a [&'a Path],
}

impl Program {
    /// Fails with the reason for which only the bytes can tell.
    pub(super) fn of(build: &Build<'_>) -> Result<Self> {
        ensure!(build.named.is_empty(), "the binary names folders of this machine");
        let mut inputs = Inputs::default();
        settings::add(&mut inputs, build)?;
        sources::add(&mut inputs, build)?;
        Ok(Self { sources: inputs.digest().hex(), code: code::digest(build.binary)?.hex() })
    }
}

/// Everything that went into a compilation, by a name that is the same on every machine.
#[derive(Debug, Default)]
struct Inputs(BTreeMap<String, String>);

impl Inputs {
    fn add(&mut self, name: impl Into<String>, content: &[u8]) {
        self.0.insert(name.into(), Digest::of(content).hex());
    }

    fn digest(&self) -> Digest {
        Digest::of(serde_json::json!(self.0).to_string().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_the_same_in_whatever_order_they_are_added() {
        let inputs = |all: &[(&str, &str)]| {
            let mut inputs = Inputs::default();
            all.iter().for_each(|(name, content)| inputs.add(*name, content.as_bytes()));
            inputs.digest()
        };
        assert_eq!(inputs(&[("a", "1"), ("b", "2")]), inputs(&[("b", "2"), ("a", "1")]));
        assert_ne!(inputs(&[("a", "1"), ("b", "2")]), inputs(&[("a", "2"), ("b", "1")]));
        assert_ne!(inputs(&[("a", "1")]), inputs(&[("a", "1"), ("b", "")]));
    }
}
