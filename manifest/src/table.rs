mod item;
mod options;
mod throughput;

use serde::{Deserialize, Serialize};

pub use self::{
    item::{ItemShape, StoredType},
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
    /// The attribute that says which entity an item is, if several share the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discriminator: Option<String>,
    /// The kinds of its items whose keys are made by templates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// The attributes of its items, where the struct tells and they are not those of entities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemShape>,
    /// How it is run.
    #[serde(default, skip_serializing_if = "options::is_default")]
    pub options: TableOptions,
}

/// A kind of item: one `#[derive(Entity)]`, or a table of its own whose key is made of fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entity {
    /// What its items say they are.
    pub name: String,
    /// Where it is written, if not with the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceLocation>,
    /// How its partition key is made: `CUSTOMER#{customer}`.
    pub partition: String,
    /// How its sort key is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The attributes of its items, where the struct tells and they are not the table's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemShape>,
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

/// One side of an index's key: one attribute, or up to four of a global index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum KeyAttributes {
    /// One attribute.
    One(KeyAttribute),
    /// Several, in their order.
    Several(Vec<KeyAttribute>),
}

impl std::ops::Deref for KeyAttributes {
    type Target = [KeyAttribute];

    fn deref(&self) -> &[KeyAttribute] {
        match self {
            Self::One(attribute) => std::slice::from_ref(attribute),
            Self::Several(attributes) => attributes,
        }
    }
}

impl From<Vec<KeyAttribute>> for KeyAttributes {
    fn from(attributes: Vec<KeyAttribute>) -> Self {
        match <[KeyAttribute; 1]>::try_from(attributes) {
            Ok([attribute]) => Self::One(attribute),
            Err(attributes) => Self::Several(attributes),
        }
    }
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
    pub partition_key: KeyAttributes,
    /// Its sort key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_key: Option<KeyAttributes>,
    /// Which attributes it holds.
    pub projection: Projection,
    /// Whether it shares the table's partitions (an LSI) or has its own (a GSI).
    #[serde(default)]
    pub local: bool,
    /// How it is run.
    #[serde(default, skip_serializing_if = "options::is_default")]
    pub options: IndexOptions,
}

impl Index {
    /// The attributes of its partition key, then those of its sort key.
    pub fn key_attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.partition_key.iter().chain(self.sort_key.iter().flat_map(|key| key.iter()))
    }
}

/// Which attributes an index holds, besides the keys of the table and its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Projection {
    /// All of the item's.
    All,
    /// None.
    KeysOnly,
    /// These.
    Include(Vec<String>),
}

impl Projection {
    /// The name that DynamoDB's API has for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::KeysOnly => "KEYS_ONLY",
            Self::Include(_) => "INCLUDE",
        }
    }

    /// The attributes that it names.
    pub fn attributes(&self) -> Option<&[String]> {
        match self {
            Self::Include(attributes) => Some(attributes),
            Self::All | Self::KeysOnly => None,
        }
    }
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
