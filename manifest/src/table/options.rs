use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Throughput;

/// How a table is run: all that is neither a key nor an index. What is left out is the safe and usual choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TableOptions {
    /// How its requests are paid for, and how many there can be.
    #[serde(skip_serializing_if = "is_default")]
    pub throughput: Throughput,
    /// Whether and how far back it can be restored.
    #[serde(skip_serializing_if = "is_default")]
    pub point_in_time_recovery: PointInTimeRecovery,
    /// Whose key encrypts it.
    #[serde(skip_serializing_if = "is_default")]
    pub encryption: Encryption,
    /// Whether DynamoDB refuses to delete it.
    #[serde(skip_serializing_if = "is_default")]
    pub deletion_protection: bool,
    /// What its storage costs, against what its requests cost.
    #[serde(skip_serializing_if = "is_default")]
    pub class: TableClass,
    /// Its tags.
    #[serde(skip_serializing_if = "is_default")]
    pub tags: BTreeMap<String, String>,
    /// The Kinesis data stream that gets its changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinesis: Option<KinesisDestination>,
    /// The other regions that have it: with any it is a global table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<String>,
    /// Whether CloudWatch shows its most used keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights: Option<ContributorInsights>,
}

/// How a global secondary index is run. A local one has nothing of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct IndexOptions {
    /// Its own capacity; without it a provisioned table's index has as much as the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput: Option<Throughput>,
    /// Whether CloudWatch shows its most used keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights: Option<ContributorInsights>,
}

/// Whether a table can be restored to each second of the last days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PointInTimeRecovery {
    /// It cannot.
    Off,
    /// Of the last 35 days.
    #[default]
    On,
    /// Of fewer days.
    Days(u32),
}

/// Whose key encrypts a table; none is not encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// DynamoDB's own, which costs nothing.
    #[default]
    AwsOwned,
    /// The account's `aws/dynamodb`.
    AwsManaged,
    /// A key of the account's, by its ARN.
    Key(String),
}

/// What storage costs against requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TableClass {
    /// The usual prices.
    #[default]
    Standard,
    /// Cheaper to store, dearer to use.
    InfrequentAccess,
}

impl TableClass {
    /// The name that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
        }
    }
}

/// A Kinesis data stream that gets each change of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KinesisDestination {
    /// Its ARN.
    pub stream: String,
    /// How exactly the changes say when they were.
    #[serde(default, skip_serializing_if = "is_default")]
    pub precision: TimestampPrecision,
}

/// How exact a time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TimestampPrecision {
    /// To the thousandth of a second.
    #[default]
    Millisecond,
    /// To the millionth of a second.
    Microsecond,
}

impl TimestampPrecision {
    /// The name that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Millisecond => "MILLISECOND",
            Self::Microsecond => "MICROSECOND",
        }
    }
}

/// Which keys CloudWatch Contributor Insights shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ContributorInsights {
    /// Those that are used most, and those that are throttled most.
    AccessedAndThrottledKeys,
    /// Those that are throttled most.
    ThrottledKeys,
}

impl ContributorInsights {
    /// The name that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessedAndThrottledKeys => "ACCESSED_AND_THROTTLED_KEYS",
            Self::ThrottledKeys => "THROTTLED_KEYS",
        }
    }
}

/// What is as usual is not written, so that a manifest shows what somebody decided.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
