use skyloom_manifest::{Destination, HttpMethod, Target};

use super::Source;
use crate::auth::PrincipalKind;

/// A `#[derive(Route)]`.
#[derive(Debug)]
pub struct IntegrationEntry {
    pub name: &'static str,
    /// The doc comment; empty without one.
    pub description: &'static str,
    pub source: Source,
    pub method: HttpMethod,
    pub path: &'static str,
    pub auth: PrincipalKind,
    pub scopes: &'static [&'static str],
    /// The name of the API type, if the route names one.
    pub api: Option<&'static str>,
    pub target: TargetEntry,
}

/// What answers a route without a function.
#[derive(Clone, Copy, Debug)]
pub enum TargetEntry {
    Http(&'static str),
    Answer { status: u16, headers: &'static [(&'static str, &'static str)], body: Option<&'static str> },
    Queue(&'static str),
    QueueArn(&'static str),
    Put { table: &'static str, set: &'static [(&'static str, &'static str)], replace: bool },
}

impl TargetEntry {
    pub(crate) fn to_manifest(self) -> Target {
        let pairs = |all: &[(&str, &str)]| all.iter().map(|(name, it)| ((*name).into(), (*it).into())).collect();
        match self {
            Self::Http(url) => Target::Http { url: url.into() },
            Self::Answer { status, headers, body } => {
                Target::Answer { status, headers: pairs(headers), body: body.map(Into::into) }
            }
            Self::Queue(name) => Target::Queue { queue: Destination::Queue { name: name.into() } },
            Self::QueueArn(arn) => Target::Queue { queue: Destination::Arn { arn: arn.into() } },
            Self::Put { table, set, replace } => Target::Put { table: table.into(), set: pairs(set), replace },
        }
    }
}
