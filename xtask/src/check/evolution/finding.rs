use std::fmt;

use skyloom_manifest::{Table, UserPool};

/// A change that does more than its author may think.
#[derive(Clone, Debug)]
pub(in crate::check) struct Finding {
    pub(in crate::check) severity: Severity,
    /// The table or user pool, where it is written.
    pub(super) place: String,
    /// What changed.
    pub(super) change: String,
    /// What that does to what is stored.
    pub(super) effect: String,
    /// What to do instead.
    pub(super) instead: String,
}

/// What is at stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Severity {
    /// Items that are stored can no longer be read or written.
    BreaksData,
    /// A part of the items that are stored is not read any more.
    LeavesData,
    /// The items stay behind in another table.
    ReplacesTable,
    /// The users stay behind in another pool.
    LosesUsers,
    /// Changes that no handler has read yet are not read any more.
    ReplacesStream,
    /// An index is not there while it is made anew.
    RebuildsIndex,
    /// AWS does it in steps only.
    SeveralDeploys,
    /// AWS does not do it at all.
    Refused,
}

impl Severity {
    /// Whether stored items could no longer be used.
    pub(super) fn endangers_data(self) -> bool {
        match self {
            Self::BreaksData | Self::LeavesData | Self::ReplacesTable | Self::LosesUsers => true,
            Self::ReplacesStream | Self::RebuildsIndex | Self::SeveralDeploys | Self::Refused => false,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::BreaksData => "breaks stored data",
            Self::LeavesData => "leaves stored data unread",
            Self::ReplacesTable => "replaces the table",
            Self::LosesUsers => "loses the users",
            Self::ReplacesStream => "replaces the stream",
            Self::RebuildsIndex => "rebuilds an index",
            Self::SeveralDeploys => "needs several deploys",
            Self::Refused => "is refused",
        }
    }
}

impl Finding {
    /// A finding about a table, to which `effect` and `instead` are sentences.
    pub(super) fn new(
        severity: Severity,
        table: &Table,
        change: String,
        effect: impl Into<String>,
        instead: impl Into<String>,
    ) -> Self {
        let place = format!("{}: `{}`", table.source, table.name);
        Self { severity, place, change, effect: effect.into(), instead: instead.into() }
    }

    /// A finding about a user pool.
    pub(super) fn of_pool(severity: Severity, pool: &UserPool, change: String, effect: &str, instead: &str) -> Self {
        let place = format!("{}: `{}`", pool.source, pool.name);
        Self { severity, place, change, effect: effect.into(), instead: instead.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, place, change, effect, instead } = self;
        write!(f, "{place}: {}: {change}\n    {effect}\n    Instead: {instead}", severity.as_str())
    }
}
