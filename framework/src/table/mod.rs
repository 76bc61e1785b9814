//! Tables whose items are structs.
//!
//! `#[derive(Table)]` makes a struct a [`Table`]. A handler then reads and writes it through the arguments [`Read`],
//! [`Write`], [`ReadIndex`] and [`Scan`], each of which can do exactly what the handler's policy allows because of it.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use skyloom::{Key, Read, ReadIndex, Table, Write, table::{self, Cursor, Page}};
//!
//! #[derive(Table, Serialize, Deserialize)]
//! #[index(ByStatus, partition = "status")]
//! pub struct Order {
//!     #[partition_key]
//!     pub shopper: String,
//!     #[sort_key]
//!     pub id: String,
//!     pub status: Status,
//!     pub total_cents: u64,
//! }
//!
//! #[derive(Key, Serialize, Deserialize)]
//! pub enum Status {
//!     Open,
//!     Paid,
//! }
//!
//! async fn one(orders: Read<Order>) -> Result<Option<Order>, table::Error> {
//!     orders.get(("ann", "2026-07-01")).await
//! }
//!
//! async fn some(orders: Read<Order>, after: Option<Cursor>) -> Result<Page<Order>, table::Error> {
//!     orders.query("ann").sort_begins_with("2026-").descending().limit(20).after(after).page().await
//! }
//!
//! async fn open(by_status: ReadIndex<ByStatus>) -> Result<Vec<Order>, table::Error> {
//!     by_status.query(Status::Open).filter(Order::TOTAL_CENTS.gt(10_000)).all().await
//! }
//!
//! /// Gives the order as it is after the change, or says that there is none, or that it is not open.
//! async fn pay(orders: Write<Order>, id: &str) -> Result<Order, table::Error> {
//!     orders.update(("ann", id)).set(Order::STATUS, Status::Paid).only_if(Order::STATUS.eq(Status::Open)).await
//! }
//! ```

mod attribute;
mod batch;
mod client;
mod collection;
mod condition;
mod cursor;
mod definition;
#[cfg_attr(not(test), expect(dead_code, reason = "`Update` asks it for what else to write"))]
mod derived;
mod entity;
mod error;
mod expression;
mod handle;
mod index;
mod item;
mod key;
mod layout;
mod query;
mod read;
#[cfg(test)]
mod recorder;
mod scan;
mod selection;
mod side;
mod sort;
mod template;
mod test_table;
mod transport;
mod update;
mod value;
mod write;

pub use self::{
    attribute::Attribute,
    collection::{Collection, CollectionShape, ReadCollection},
    condition::Condition,
    cursor::Cursor,
    definition::{FromItem, Index, IndexOf, Streamed, Table, TtlSeconds},
    entity::{Entity, Invertible, ItemOf, SharedIndex, SharedTable},
    error::Error,
    index::ReadIndex,
    item::{Item, ItemError, from_item, to_item},
    key::{Accepts, Key, KeyLike, KeyParts, KeyShape, PartitionAndSort, PartitionOnly, Sorted},
    layout::{Discriminator, KeyPart, Layout},
    query::{OfIndex, OfTable, Query},
    read::Read,
    scan::{Scan, Scanning},
    selection::Page,
    side::Side,
    sort::{Beginning, First, Leading},
    template::{Piece, Template},
    test_table::TestTable,
    update::Update,
    value::{AddedTo, ElementOf, Text, ValueFor},
    write::{Delete, Put, Write},
};
pub(crate) use self::{client::Dynamo, item::item_from_json};
#[doc(hidden)]
pub use self::{
    collection::not_in_collection,
    definition::{assert_streamed, assert_ttl},
    entity::{
        assert_entity, assert_index, assert_same_partition, assert_same_table, entity_name, index_partition,
        index_sort, inverted, kind_of, raw_sort,
    },
    layout::{from_projected, from_stored, to_stored},
    template::assert_part,
    test_table::open_for_test,
};
