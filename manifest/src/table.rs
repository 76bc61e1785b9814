mod options;
mod throughput;

use serde::{Deserialize, Serialize};

pub use self::{
    options::{
        ContributorInsights, Encryption, IndexOptions, KinesisDestination, PointInTimeRecovery, TableClass,
        TableOptions, TimestampPrecision,
    },
    throughput::{Capacity, Throughput},
};
use crate::SourceLocation;

/// A DynamoDB table: one `#[derive(Table)]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Table {
    /// The struct's name, unique in the application.
    pub name: String,
    /// Where it is written.
    pub source: SourceLocation,
    /// Its partition key.
    pub partition_key: KeyAttribute,
    /// Its sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<KeyAttribute>,
    /// Its indexes, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// What its stream's records hold; without it there is no stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamView>,
    /// The attribute with the second since the epoch after which an item is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
    /// How it is run.
    #[serde(default, skip_serializing_if = "options::is_default")]
    pub options: TableOptions,
}

impl Table {
    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The capacity of a global index of it, which is the table's where the index says nothing: provisioned capacity has
    /// to be said, and a limit on demand is only there where it is said.
    pub fn throughput_of(&self, index: &Index) -> Throughput {
        match (index.options.throughput, self.options.throughput) {
            (Some(own), _) => own,
            (None, provisioned @ Throughput::Provisioned { .. }) => provisioned,
            (None, Throughput::OnDemand { .. }) => Throughput::ON_DEMAND,
        }
    }
}

/// An attribute that is part of a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyAttribute {
    /// Its name as stored.
    pub attribute: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: AttributeType,
}

/// The types that DynamoDB can key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AttributeType {
    /// A string.
    S,
    /// A number.
    N,
    /// Bytes.
    B,
}

impl AttributeType {
    /// The letter that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

/// A secondary index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Index {
    /// Its name, unique in the table.
    pub name: String,
    /// Its partition key.
    pub partition_key: KeyAttribute,
    /// Its sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<KeyAttribute>,
    /// Which attributes it holds.
    pub projection: Projection,
    /// Whether it shares the table's partitions (an LSI) or has its own (a GSI).
    #[serde(default)]
    pub local: bool,
    /// How it is run.
    #[serde(default, skip_serializing_if = "options::is_default")]
    pub options: IndexOptions,
}

/// Which attributes an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Projection {
    /// All of the item's.
    All,
}

/// What the records of a table's stream hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StreamView {
    /// The item's key.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// Both.
    NewAndOldImages,
}

impl StreamView {
    /// The name that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeysOnly => "KEYS_ONLY",
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }
}
