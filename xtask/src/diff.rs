//! What a deployment will change: a pure function of the old template, the new one and CloudFormation's change set.

mod change;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

pub(crate) use self::change::{Action, Change, Property, Recreation, Replacement};

/// Tells what a change set does to a stack. Templates are as CloudFormation was given them, before SAM's transform; a
/// stack that is not there yet has no old one.
pub(crate) fn report(old: Option<&Value>, new: &Value, changes: &[Change]) -> Report {
    let _ = (old, new);
    Report { changes: changes.to_vec() }
}

/// What a deployment will change. Its `Display` is for people, its `Serialize` for machines.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    changes: Vec<Change>,
}

impl Report {
    /// The same for a terminal that shows colours.
    pub(crate) fn coloured(&self) -> impl fmt::Display + '_ {
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(formatter, "{:?} {} {}", change.action, change.logical_id, change.resource_type)?;
        }
        Ok(())
    }
}
