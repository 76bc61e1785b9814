use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::StreamView;

use super::{
    attribute::Attribute,
    condition::Condition,
    item::{self, Item, ItemError},
    key::KeyShape,
};

/// What an item can be read as.
pub trait FromItem: Send + Sized + 'static {
    /// Reads the item. Attributes that the type does not know are ignored.
    ///
    /// # Errors
    /// When the item does not fit, with the path of the field.
    fn from_item(item: Item) -> Result<Self, ItemError>;
}

/// A struct whose values are the items of a DynamoDB table. `#[derive(Table)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    note = "write `#[derive(Table, Serialize, Deserialize)]` on it and `#[partition_key]` on one of its fields"
)]
pub trait Table: FromItem + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the manifest: the struct's.
    const NAME: &'static str;
    /// The attribute that is its partition key.
    const PARTITION_KEY: &'static str;
    /// The attribute that is its sort key.
    const SORT_KEY: Option<&'static str>;
    /// The attribute that is its version, see [`Versioned`](super::Versioned).
    const VERSION: Option<&'static str> = None;
    /// The types of its key.
    type Shape: KeyShape;

    /// The condition that there is an item with this key.
    fn exists() -> Condition<Self> {
        Attribute::<Self, ()>::new(Self::PARTITION_KEY).exists()
    }

    /// The condition that there is no item with this key.
    fn not_exists() -> Condition<Self> {
        Attribute::<Self, ()>::new(Self::PARTITION_KEY).not_exists()
    }

    /// The item as it is stored.
    ///
    /// # Errors
    /// When a value has no attribute, with the path of the field.
    fn to_item(&self) -> Result<Item, ItemError> {
        item::to_item(self)
    }
}

/// A secondary index of a table. `#[index(…)]` beside `#[derive(Table)]` makes one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an index of a table",
    note = "`#[index(Name, partition = \"field\", sort = \"field\")]` on a table makes the type `Name`"
)]
pub trait Index: Send + Sync + 'static {
    /// The table.
    type Table: Table;
    /// Its name, unique in the table.
    const NAME: &'static str;
    /// The attribute that is its partition key.
    const PARTITION_KEY: &'static str;
    /// The attribute that is its sort key.
    const SORT_KEY: Option<&'static str>;
    /// The types of its key.
    type Shape: KeyShape;
    /// Whether it shares the table's partitions (an LSI) or has its own (a GSI).
    const LOCAL: bool;
}

/// A table that has a stream.
#[diagnostic::on_unimplemented(
    message = "the table `{Self}` has no stream",
    note = "write `#[table(stream = \"new-and-old-images\")]` on it"
)]
pub trait Streamed: Table {
    /// What the stream's records hold.
    const VIEW: StreamView;
}

/// Does not compile for a table without a stream.
pub const fn assert_streamed<T: Streamed>() {}

/// A type that DynamoDB takes for the time at which an item expires: seconds since the epoch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say when an item expires",
    note = "`ttl` names a field with the seconds since the epoch: `u32`, `u64`, `i64` or an `Option` of one"
)]
pub trait TtlSeconds {}

impl TtlSeconds for u32 {}
impl TtlSeconds for u64 {}
impl TtlSeconds for i64 {}
impl<S: TtlSeconds> TtlSeconds for Option<S> {}

/// Does not compile for a type that cannot say when an item expires.
pub const fn assert_ttl<S: TtlSeconds>() {}
