use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::http::HttpOptions;
use crate::Destination;

/// How a function is run: all that is neither its trigger nor its size nor its permissions. What is left out is the
/// safe and usual choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct FunctionOptions {
    /// Room in `/tmp`, in MB, 512 to 10,240.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<u32>,
    /// From which level on it logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
    /// For how many days its log is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_retention: Option<u32>,
    /// Environment variables of its own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// Its tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Whether X-Ray traces it; without, as the stage says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing: Option<bool>,
    /// The ARNs of the versions of its layers, in the order in which they are unpacked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
    /// Whether it needs a VPC. Which one, the stage says.
    #[serde(skip_serializing_if = "is_default")]
    pub vpc: bool,
    /// What Lambda does with events that nobody waits for.
    #[serde(skip_serializing_if = "is_default")]
    pub event_invoke: EventInvoke,
    /// How callers come to a new version of it; without one, all at once and without a way back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Deployment>,
    /// So many execution environments are started before anybody calls, and paid for while they wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_concurrency: Option<u32>,
    /// What only a route of an HTTP API has.
    #[serde(skip_serializing_if = "is_default")]
    pub http: HttpOptions,
}

/// What Lambda does with the asynchronous invocations of a function: of one that is called by its name, or by the clock.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EventInvoke {
    /// How often an event that failed is tried again, 0 to 2; without it twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// The age in seconds, 60 to 21,600, from which an event is no longer tried; without it six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// What is told of an event that was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Destination>,
    /// What is told of an event that was handled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_success: Option<Destination>,
    /// What gets the event itself when it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<Destination>,
}

impl EventInvoke {
    /// All that is told of events.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        [&self.on_failure, &self.on_success, &self.dead_letter].into_iter().flatten()
    }
}

/// A new version of a function takes over with the help of CodeDeploy, which goes back to the old one when the new one fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Deployment {
    /// In which steps.
    pub shift: TrafficShift,
    /// The hook that has to succeed before anybody gets the new version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The hook that has to succeed once everybody gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// How invocations go over from one version to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum TrafficShift {
    /// Some of them first, and after a while all others.
    Canary {
        /// Per cent, 1 to 99.
        percentage: u32,
        /// How long the others wait, in minutes, 1 to 2,880.
        interval: u32,
    },
    /// So many more each time.
    Linear {
        /// Per cent, 1 to 99.
        percentage: u32,
        /// The time between two steps, in minutes; all steps together take 2,880 at most.
        interval: u32,
    },
    /// All of them, once the hook has succeeded.
    AllAtOnce,
}

impl Deployment {
    /// The hooks that it names, with the word that names each.
    pub fn hooks(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let before = self.before.iter().map(|hook| ("before", hook));
        before.chain(self.after.iter().map(|hook| ("after", hook)))
    }
}

impl FunctionOptions {
    /// Whether callers go through an alias, which stands for one version of the function: only versions can be shifted between
    /// and kept warm.
    pub fn has_alias(&self) -> bool {
        self.deployment.is_some() || self.provisioned_concurrency.is_some()
    }
}

/// A level of logs; Lambda's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the levels of Lambda's `LoggingConfig`")]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

impl LogLevel {
    /// Lambda's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}

/// What is as usual is not written, so that a manifest shows what somebody decided.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
