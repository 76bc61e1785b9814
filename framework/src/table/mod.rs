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
mod condition;
mod cursor;
mod cursor_key;
mod definition;
mod error;
mod expression;
mod handle;
mod index;
mod item;
mod item_name;
mod item_size;
mod items;
mod key;
mod limits;
mod pages;
mod parallel_scan;
mod query;
mod read;
#[cfg(test)]
mod recorder;
mod scan;
mod select;
mod selection;

mod test_table;
mod transact;
mod transport;
mod update;
mod value;
mod write;
mod write_many;

pub use self::{
    attribute::Attribute,
    condition::Condition,
    cursor::Cursor,
    definition::{FromItem, Index, Streamed, Table, TtlSeconds},
    error::Error,
    index::ReadIndex,
    item::{Item, ItemError, from_item, to_item},
    item_name::ItemName,
    items::Items,
    key::{Accepts, Key, KeyLike, KeyShape, PartitionAndSort, PartitionOnly, Sorted},
    parallel_scan::ParallelScan,
    query::{OfIndex, OfTable, Query},
    read::Read,
    scan::{Scan, Scanning},
    select::{AttributeList, Select},
    selection::Page,
    test_table::TestTable,
    transact::{
        Cancellation, Cancelled, CancelledPart, Part, PartAction, TableList, Transact, TransactGet, TransactGetList,
        TransactRead, TransactReadTable, TransactTable, TransactWrite,
    },
    update::Update,
    value::{AddedTo, ElementOf, Text, ValueFor},
    write::{Delete, Put, Write},
    write_many::WriteRequest,
};
pub(crate) use self::{client::Dynamo, item::item_from_json};
#[doc(hidden)]
pub use self::{
    definition::{assert_streamed, assert_ttl},
    test_table::open_for_test,
};
