use std::collections::BTreeMap;

use skyloom_manifest::{self as manifest, Destination, LogLevel, ParameterMapping, PayloadFormat, TrafficShift};

use super::DestinationEntry;

/// How a function is run: the options of `#[handler(…)]` that are neither trigger nor size nor permission.
#[derive(Clone, Copy, Debug)]
pub struct FunctionOptions {
    /// MB.
    pub ephemeral_storage: Option<u32>,
    pub log_level: Option<LogLevel>,
    /// Days.
    pub log_retention: Option<u32>,
    pub environment: &'static [(&'static str, &'static str)],
    pub tags: &'static [(&'static str, &'static str)],
    pub tracing: Option<bool>,
    /// ARNs.
    pub layers: &'static [&'static str],
    pub vpc: bool,
    pub event_invoke: EventInvoke,
    pub deployment: Option<DeploymentEntry>,
    pub provisioned_concurrency: Option<u32>,
    pub http: HttpOptions,
}

/// What only a route of an HTTP API has.
#[derive(Clone, Copy, Debug)]
pub struct HttpOptions {
    pub payload: Option<PayloadFormat>,
    pub request: &'static [(&'static str, &'static str)],
    /// By the status.
    pub response: &'static [(u16, &'static str, &'static str)],
}

/// `deployment = …`: the steps, and the names of hooks.
#[derive(Clone, Copy, Debug)]
pub struct DeploymentEntry {
    pub shift: TrafficShift,
    pub before: Option<&'static str>,
    pub after: Option<&'static str>,
}

/// What becomes of events that nobody waits for.
#[derive(Clone, Copy, Debug)]
pub struct EventInvoke {
    pub retries: Option<u32>,
    /// Seconds.
    pub max_age: Option<u32>,
    pub on_failure: Option<DestinationEntry>,
    pub on_success: Option<DestinationEntry>,
    pub dead_letter: Option<DestinationEntry>,
}

impl FunctionOptions {
    /// What a function has when it says nothing.
    pub const DEFAULT: Self = Self {
        ephemeral_storage: None,
        log_level: None,
        log_retention: None,
        environment: &[],
        tags: &[],
        tracing: None,
        layers: &[],
        vpc: false,
        event_invoke: EventInvoke::DEFAULT,
        deployment: None,
        provisioned_concurrency: None,
        http: HttpOptions::DEFAULT,
    };

    pub(crate) fn to_manifest(self) -> manifest::FunctionOptions {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        manifest::FunctionOptions {
            ephemeral_storage: self.ephemeral_storage,
            log_level: self.log_level,
            log_retention: self.log_retention,
            environment: self.environment.iter().map(pair).collect(),
            tags: self.tags.iter().map(pair).collect(),
            tracing: self.tracing,
            layers: self.layers.iter().map(|arn| (*arn).to_owned()).collect(),
            vpc: self.vpc,
            event_invoke: self.event_invoke.to_manifest(),
            deployment: self.deployment.map(DeploymentEntry::to_manifest),
            provisioned_concurrency: self.provisioned_concurrency,
            http: self.http.to_manifest(),
        }
    }
}

impl DeploymentEntry {
    fn to_manifest(self) -> manifest::Deployment {
        manifest::Deployment {
            shift: self.shift,
            before: self.before.map(Into::into),
            after: self.after.map(Into::into),
        }
    }
}

impl HttpOptions {
    /// What a route has when it says nothing.
    pub const DEFAULT: Self = Self { payload: None, request: &[], response: &[] };

    fn to_manifest(self) -> manifest::HttpOptions {
        let request = self.request.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let mut response: BTreeMap<u16, BTreeMap<String, String>> = BTreeMap::new();
        for (status, key, value) in self.response {
            response.entry(*status).or_default().insert((*key).to_owned(), (*value).to_owned());
        }
        manifest::HttpOptions { payload: self.payload, parameters: ParameterMapping { request, response } }
    }
}

impl EventInvoke {
    /// What a function has when it says nothing.
    pub const DEFAULT: Self =
        Self { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None };

    fn to_manifest(self) -> manifest::EventInvoke {
        manifest::EventInvoke {
            retries: self.retries,
            max_age: self.max_age,
            on_failure: self.on_failure.map(DestinationEntry::to_manifest),
            on_success: self.on_success.map(DestinationEntry::to_manifest),
            dead_letter: self.dead_letter.map(DestinationEntry::to_manifest),
        }
    }
}

impl DestinationEntry {
    pub(crate) fn to_manifest(self) -> Destination {
        match self {
            Self::Queue(name) => Destination::Queue { name: name.into() },
            Self::Topic(name) => Destination::Topic { name: name.into() },
            Self::Bucket(name) => Destination::Bucket { name: name.into() },
            Self::Function(name) => Destination::Function { name: name.into() },
            Self::Arn(arn) => Destination::Arn { arn: arn.into() },
        }
    }
}
