use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::StreamView;

use super::{
    attribute::Attribute,
    condition::Condition,
    item::{self, Item, ItemError},
    key::KeyShape,
    layout::Layout,
    side::Side,
};

/// What an item can be read as.
pub trait FromItem: Send + Sized + 'static {
    /// Reads the item. Attributes that the type does not know are ignored.
    ///
    /// # Errors
    /// When the item does not fit, with the path of the field.
    fn from_item(item: Item) -> Result<Self, ItemError>;
}

/// A struct whose values are items of a DynamoDB table: all of them, if `#[derive(Table)]` implements it, or those of one
/// kind in a shared table, if `#[derive(Entity)]` does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    note = "write `#[derive(Table, Serialize, Deserialize)]` on it and `#[partition_key]` on one of its fields",
    note = "a struct without fields is a table that entities share: name one of these, `#[derive(Entity)]`"
)]
pub trait Table: FromItem + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The table's name in the manifest: that of the struct that declares it.
    const NAME: &'static str;
    /// The attribute that is its partition key.
    const PARTITION_KEY: &'static str;
    /// The attribute that is its sort key.
    const SORT_KEY: Option<&'static str>;
    /// The attribute that is its version, see [`Versioned`](super::Versioned).
    const VERSION: Option<&'static str> = None;
    /// The types of its key.
    type Shape: KeyShape;
    /// How the partition key is stored.
    const PARTITION: Side = Side::Attribute(Self::PARTITION_KEY);
    /// How the sort key is stored.
    const SORT: Option<Side> = match Self::SORT_KEY {
        Some(attribute) => Some(Side::Attribute(attribute)),
        None => None,
    };
    /// What an item has besides the struct's fields.
    const LAYOUT: Layout = Layout::PLAIN;

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
    /// What is read through it: the table's struct, or one with the fields that the index has. A shared table's index has
    /// items of several entities, so that its reader names one: `ReadIndex<ByDate, Order>`.
    type Item;
    /// The table's name in the manifest.
    const TABLE: &'static str;
    /// Its name, unique in the table.
    const NAME: &'static str;
    /// Whether it shares the table's partitions (an LSI) or has its own (a GSI).
    const LOCAL: bool;
}

/// An index that shares the table's partitions: `#[index(…, local)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a global index, which is never read consistently",
    label = "a global index follows its table after a moment",
    note = "a table and its local indexes can be: query these, or declare the index with `local`"
)]
pub trait LocalIndex: Index {}

/// An index through which `T` is read.
#[diagnostic::on_unimplemented(
    message = "`{T}` is not read through the index `{Self}`",
    note = "a table without fields is shared by entities: name one of them, `ReadIndex<{Self}, Order>`",
    note = "an entity is in an index of its table if it says how it is keyed there: `#[index({Self}, partition = \"…\")]`"
)]
pub trait IndexOf<T>: Index {
    /// The table, or the entity of a shared table.
    type Table: Table;
    /// The types of its key.
    type Shape: KeyShape;
    /// How its partition key is stored.
    const PARTITION: Side;
    /// How its sort key is stored.
    const SORT: Option<Side>;
    /// The entities of a collection, and the attribute that says which one an item is.
    #[doc(hidden)]
    const KINDS: Option<(&'static str, &'static [&'static str])> = None;
}

/// A table that has a stream.
#[diagnostic::on_unimplemented(
    message = "the table `{Self}` has no stream",
    note = "write `#[table(stream = \"new-and-old-images\")]` on it",
    note = "the changes of an entity are in the stream of its table: name that, and take `Change<{Self}>`"
)]
pub trait Streamed: Send + Sync + 'static {
    /// The table's name in the manifest.
    const NAME: &'static str;
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
