//! What `skyloom.toml` can say, for all stages or for one.

use std::collections::BTreeMap;

use serde::Deserialize;
use skyloom_manifest::{LogLevel, Throughput};

/// Each is optional: what is left out is as the application declares it, or as it is safe and usual.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// The CloudFormation stack's name, otherwise the application's and the stage's.
    pub(crate) stack: Option<String>,
    /// The region to deploy to, otherwise the one that the environment or the profile names.
    pub(crate) region: Option<String>,
    /// The account to deploy to; with another's credentials a deploy is refused.
    pub(crate) account: Option<String>,
    pub(crate) architecture: Option<Architecture>,
    /// Room in `/tmp` of each function, in MB.
    pub(crate) ephemeral_storage: Option<u32>,
    /// Layers of every function, after its own.
    pub(crate) layers: Vec<String>,
    /// From which level on functions log.
    pub(crate) log_level: Option<LogLevel>,
    /// For how many days logs are kept.
    pub(crate) log_retention_days: Option<u32>,
    /// Whether X-Ray traces the functions.
    pub(crate) tracing: Option<bool>,
    /// Whether errors, throttles and late streams raise alarms.
    pub(crate) alarms: Option<bool>,
    /// The ARN of the SNS topic that alarms are sent to.
    pub(crate) alarms_topic: Option<String>,
    /// Whether tables and user pools refuse to be deleted.
    pub(crate) deletion_protection: Option<bool>,
    /// Tags of every resource of the stack.
    pub(crate) tags: BTreeMap<String, String>,
    /// Environment variables of every function.
    pub(crate) environment: BTreeMap<String, String>,
    /// The VPC of the functions that need one.
    pub(crate) vpc: Option<Vpc>,
    /// Parameters of the template, with their values, for overrides to refer to.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The API's own domain.
    pub(crate) domain: Option<Domain>,
    /// How many requests the API takes.
    pub(crate) throttle: Option<Throttle>,
    /// Whether the API writes a line for each request.
    pub(crate) access_log: Option<bool>,
    /// By the function's name.
    pub(crate) functions: BTreeMap<String, FunctionSettings>,
    /// By the table's name.
    pub(crate) tables: BTreeMap<String, TableSettings>,
    /// By the stage's name; a stage itself has none.
    pub(crate) stages: BTreeMap<String, Settings>,
}

/// The processor that functions run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Architecture {
    /// Graviton: the cheaper one.
    #[default]
    #[serde(rename = "arm64")]
    Arm64,
    #[serde(rename = "x86-64")]
    X86,
}

impl Architecture {
    /// Lambda's name for it.
    pub(crate) const fn as_lambda(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }
}

/// A domain of one's own for the API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Domain {
    /// `api.example.com`
    pub(crate) name: String,
    /// The ARN of the domain's certificate in ACM, of the stack's region.
    pub(crate) certificate: String,
    /// The id of the Route 53 zone that gets a record for it; without, the record is made by hand.
    pub(crate) hosted_zone: Option<String>,
}

/// How many requests an API takes before it answers 429.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Throttle {
    /// Requests a second, steadily.
    pub(crate) rate: f64,
    /// Requests at once.
    pub(crate) burst: u32,
}

/// Where in a VPC functions run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Vpc {
    /// The ids of subnets, best of several availability zones.
    pub(crate) subnets: Vec<String>,
    /// The ids of the security groups that the functions are of.
    pub(crate) security_groups: Vec<String>,
    /// Whether functions run there that do not ask for it.
    #[serde(default)]
    pub(crate) all_functions: bool,
}

/// What a stage says of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct FunctionSettings {
    /// MB.
    pub(crate) memory: Option<u32>,
    /// Seconds.
    pub(crate) timeout: Option<u32>,
    /// Reserved concurrency.
    pub(crate) concurrency: Option<u32>,
    pub(crate) log_level: Option<LogLevel>,
    pub(crate) environment: BTreeMap<String, String>,
    /// MB.
    pub(crate) ephemeral_storage: Option<u32>,
    /// In place of the handler's own.
    pub(crate) layers: Option<Vec<String>>,
    pub(crate) log_retention_days: Option<u32>,
    /// Seconds.
    pub(crate) max_event_age: Option<u32>,
    /// How often an event that failed is tried again.
    pub(crate) retries: Option<u32>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) tracing: Option<bool>,
    /// Whether it runs in the stage's VPC.
    pub(crate) vpc: Option<bool>,
}

/// What a stage says of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct TableSettings {
    /// How its requests are paid for, as in the manifest: `{ provisioned = { reads = { fixed = 5 }, … } }`.
    pub(crate) throughput: Option<Throughput>,
    pub(crate) deletion_protection: Option<bool>,
}

impl Settings {
    /// These, and for what they leave out the others.
    pub(crate) fn over(self, all: Self) -> Self {
        Self {
            stack: self.stack.or(all.stack),
            region: self.region.or(all.region),
            account: self.account.or(all.account),
            architecture: self.architecture.or(all.architecture),
            ephemeral_storage: self.ephemeral_storage.or(all.ephemeral_storage),
            layers: if self.layers.is_empty() { all.layers } else { self.layers },
            log_level: self.log_level.or(all.log_level),
            log_retention_days: self.log_retention_days.or(all.log_retention_days),
            tracing: self.tracing.or(all.tracing),
            alarms: self.alarms.or(all.alarms),
            alarms_topic: self.alarms_topic.or(all.alarms_topic),
            deletion_protection: self.deletion_protection.or(all.deletion_protection),
            tags: joined(self.tags, all.tags),
            environment: joined(self.environment, all.environment),
            vpc: self.vpc.or(all.vpc),
            parameters: joined(self.parameters, all.parameters),
            domain: self.domain.or(all.domain),
            throttle: self.throttle.or(all.throttle),
            access_log: self.access_log.or(all.access_log),
            functions: merged(self.functions, all.functions, FunctionSettings::over),
            tables: merged(self.tables, all.tables, TableSettings::over),
            stages: BTreeMap::new(),
        }
    }
}

impl FunctionSettings {
    fn over(self, all: Self) -> Self {
        Self {
            memory: self.memory.or(all.memory),
            timeout: self.timeout.or(all.timeout),
            concurrency: self.concurrency.or(all.concurrency),
            log_level: self.log_level.or(all.log_level),
            environment: joined(self.environment, all.environment),
            ephemeral_storage: self.ephemeral_storage.or(all.ephemeral_storage),
            layers: self.layers.or(all.layers),
            log_retention_days: self.log_retention_days.or(all.log_retention_days),
            max_event_age: self.max_event_age.or(all.max_event_age),
            retries: self.retries.or(all.retries),
            tags: joined(self.tags, all.tags),
            tracing: self.tracing.or(all.tracing),
            vpc: self.vpc.or(all.vpc),
        }
    }
}

impl TableSettings {
    fn over(self, all: Self) -> Self {
        Self {
            throughput: self.throughput.or(all.throughput),
            deletion_protection: self.deletion_protection.or(all.deletion_protection),
        }
    }
}

fn joined(own: BTreeMap<String, String>, all: BTreeMap<String, String>) -> BTreeMap<String, String> {
    merged(own, all, |own, _| own)
}

/// The entries of both; those that both have by `over`.
fn merged<T: Default>(
    own: BTreeMap<String, T>,
    mut all: BTreeMap<String, T>,
    over: impl Fn(T, T) -> T,
) -> BTreeMap<String, T> {
    for (name, own) in own {
        let merged = match all.remove(&name) {
            Some(other) => over(own, other),
            None => own,
        };
        all.insert(name, merged);
    }
    all
}
