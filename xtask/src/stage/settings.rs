//! What `skyloom.toml` can say, for all stages or for one.

use std::collections::BTreeMap;

use serde::Deserialize;
use skyloom_manifest::{LogLevel, Throughput, TrafficShift, rules};

use super::{api::ApiSettings, user_pool::UserPoolSettings};

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
    /// In what the code comes to Lambda.
    pub(crate) package: Option<Package>,
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
    /// The ARN of the policy that bounds every role of the stack.
    pub(crate) permissions_boundary: Option<String>,
    /// Tags of every resource of the stack.
    pub(crate) tags: BTreeMap<String, String>,
    /// Environment variables of every function.
    pub(crate) environment: BTreeMap<String, String>,
    /// The VPC of the functions that need one.
    pub(crate) vpc: Option<Vpc>,
    /// Parameters of the template, with their values, for overrides to refer to.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The default API's own domain.
    pub(crate) domain: Option<Domain>,
    /// How many requests each API takes.
    pub(crate) throttle: Option<Throttle>,
    /// Whether each API writes a line for each request.
    pub(crate) access_log: Option<bool>,
    /// Whether the stack sets the role with which API Gateway writes the logs of all REST APIs of the account and region.
    pub(crate) account_log_role: Option<bool>,
    /// By the API's name.
    pub(crate) apis: BTreeMap<String, ApiSettings>,
    /// How callers come to a new version of every function.
    pub(crate) deployment: Option<Shift>,
    /// By the function's name.
    pub(crate) functions: BTreeMap<String, FunctionSettings>,
    /// By the table's name.
    pub(crate) tables: BTreeMap<String, TableSettings>,
    /// By the user pool's name.
    pub(crate) user_pools: BTreeMap<String, UserPoolSettings>,
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

/// In what the code comes to Lambda.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Package {
    /// An archive, which Lambda puts on its own system.
    #[default]
    Zip,
    /// A container image, which brings its own.
    Image,
}

/// A domain of one's own for the API.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Domain {
    /// `api.example.com`
    pub(crate) name: String,
    /// The ARN of the domain's certificate in ACM, of the stack's region; of us-east-1 for an edge API.
    pub(crate) certificate: String,
    /// The id of the Route 53 zone that gets a record for it; without, the record is made by hand.
    pub(crate) hosted_zone: Option<String>,
    /// The first part of the paths that lead to the API, `v1`; without, all of the domain does.
    pub(crate) base_path: Option<String>,
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

impl From<skyloom_manifest::Throttle> for Throttle {
    fn from(declared: skyloom_manifest::Throttle) -> Self {
        Self { rate: f64::from(declared.rate), burst: declared.burst }
    }
}

/// `{ canary = ["10%", "5m"] }`, `{ linear = ["10%", "1m"] }` or `"all-at-once"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shift {
    Canary(Steps),
    Linear(Steps),
    AllAtOnce,
}

/// `["10%", "5m"]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(crate) struct Steps {
    percentage: u32,
    /// Minutes.
    interval: u32,
}

impl TryFrom<Vec<String>> for Steps {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        match &texts[..] {
            [percentage, interval] => {
                Ok(Self { percentage: rules::percentage(percentage)?, interval: rules::interval(interval)? })
            }
            _ => Err("steps have a size and a time: write `[\"10%\", \"5m\"]`".into()),
        }
    }
}

impl From<Shift> for TrafficShift {
    fn from(shift: Shift) -> Self {
        match shift {
            Shift::Canary(Steps { percentage, interval }) => Self::Canary { percentage, interval },
            Shift::Linear(Steps { percentage, interval }) => Self::Linear { percentage, interval },
            Shift::AllAtOnce => Self::AllAtOnce,
        }
    }
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
    /// Environments that are started before anybody calls; 0 for none, whatever the handler says.
    pub(crate) provisioned_concurrency: Option<u32>,
    /// How callers come to a new version; the hooks are those that the handler names.
    pub(crate) deployment: Option<Shift>,
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
            package: self.package.or(all.package),
            ephemeral_storage: self.ephemeral_storage.or(all.ephemeral_storage),
            layers: if self.layers.is_empty() { all.layers } else { self.layers },
            log_level: self.log_level.or(all.log_level),
            log_retention_days: self.log_retention_days.or(all.log_retention_days),
            tracing: self.tracing.or(all.tracing),
            alarms: self.alarms.or(all.alarms),
            alarms_topic: self.alarms_topic.or(all.alarms_topic),
            deletion_protection: self.deletion_protection.or(all.deletion_protection),
            permissions_boundary: self.permissions_boundary.or(all.permissions_boundary),
            tags: joined(self.tags, all.tags),
            environment: joined(self.environment, all.environment),
            vpc: self.vpc.or(all.vpc),
            parameters: joined(self.parameters, all.parameters),
            domain: self.domain.or(all.domain),
            throttle: self.throttle.or(all.throttle),
            access_log: self.access_log.or(all.access_log),
            account_log_role: self.account_log_role.or(all.account_log_role),
            apis: merged(self.apis, all.apis, ApiSettings::over),
            deployment: self.deployment.or(all.deployment),
            functions: merged(self.functions, all.functions, FunctionSettings::over),
            tables: merged(self.tables, all.tables, TableSettings::over),
            user_pools: merged(self.user_pools, all.user_pools, UserPoolSettings::over),
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
            provisioned_concurrency: self.provisioned_concurrency.or(all.provisioned_concurrency),
            deployment: self.deployment.or(all.deployment),
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
