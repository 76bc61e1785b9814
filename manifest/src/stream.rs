//! Event source mappings: what a `stream = Table` handler says.

mod condition;
mod decimal;
mod filter;
mod pattern;

use serde::{Deserialize, Serialize};

pub use self::filter::{Bound, Comparison, FilterKind, Image, StreamFilter, Term, Test};
use crate::rules;

/// An event source mapping from a table's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StreamTrigger {
    /// The table's name.
    pub table: String,
    /// At most so many records in an invocation, 1 to 10,000.
    pub batch_size: u32,
    /// How long to wait for a full batch, in seconds, 0 to 300.
    pub batch_window: u32,
    /// Where a new mapping begins to read.
    pub starting_position: StartingPosition,
    /// How often a failed batch is tried again, 0 to 10,000; without it until the records expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// The age in seconds, 60 to 604,800, from which a record is no longer tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_record_age: Option<u32>,
    /// Whether a failed batch is split in two before it is tried again.
    pub bisect: bool,
    /// How many batches of one shard run at once, 1 to 10.
    pub parallelization: u32,
    /// How long a tumbling window is, in seconds, 1 to 900; without it an invocation knows nothing of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tumbling_window: Option<u32>,
    /// Where Lambda tells of records that it gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Destination>,
    /// A record is delivered if one of these matches, or if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<StreamFilter>,
}

/// Where an event source mapping begins to read a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StartingPosition {
    /// The oldest record that the stream still has.
    TrimHorizon,
    /// What comes after the mapping was made.
    Latest,
}

/// Where Lambda tells of the records or the events that it gave up, or of an event that was handled.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Destination {
    /// An SQS queue of the application.
    Queue {
        /// Its name.
        name: String,
    },
    /// An SNS topic of the application.
    Topic {
        /// Its name.
        name: String,
    },
    /// An S3 bucket of the application, which gets the records as well.
    Bucket {
        /// Its name.
        name: String,
    },
    /// An `invoke` handler of the application, whose event it is.
    Function {
        /// Its name.
        name: String,
    },
    /// A queue, a topic, a bucket or a function that is there already.
    Arn {
        /// Its ARN; CloudFormation's `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}` are filled in.
        arn: String,
    },
}

impl Destination {
    /// The name of one that belongs to the application, or the ARN.
    pub fn name(&self) -> &str {
        match self {
            Self::Queue { name } | Self::Topic { name } | Self::Bucket { name } | Self::Function { name } => name,
            Self::Arn { arn } => arn,
        }
    }

    /// The service that it is of: `sqs`, `sns`, `s3` or `lambda`; nothing for an ARN of none of them.
    pub fn service(&self) -> Option<&'static str> {
        match self {
            Self::Queue { .. } => Some("sqs"),
            Self::Topic { .. } => Some("sns"),
            Self::Bucket { .. } => Some("s3"),
            Self::Function { .. } => Some("lambda"),
            Self::Arn { arn } => rules::service_of_destination(arn).ok(),
        }
    }
}
