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

pub mod as_number;
mod attribute;
mod batch;
mod changes;
mod client;
mod collection;
mod comparison;
mod condition;
mod cursor;
mod cursor_key;
mod data_type;
mod definition;
mod delete;
mod derived;
mod document;
mod entity;
mod entity_ttl;
mod error;
mod expression;
mod found;
mod handle;
mod hints;
mod index;
mod item;
mod item_name;
mod item_size;
mod items;
mod key;
mod key_part_hints;
mod layout;
mod limits;
mod number;
mod operand;
mod pages;
mod parallel_scan;
mod path;
mod put;
mod query;
mod read;
#[cfg(test)]
mod recorder;
mod return_values;
mod scan;
mod select;
mod selection;
mod set;
mod set_elements;
mod side;
mod size;
mod sort;
mod stored_as;
mod template;
mod test_table;
mod time;

mod transact;
mod update;
mod value;
mod version;
mod write;
mod write_many;

pub use self::{
    attribute::{Attribute, IntoPath},
    collection::{Collection, CollectionShape, ReadCollection},
    condition::Condition,
    cursor::Cursor,
    data_type::DataType,
    definition::{FromItem, Index, IndexOf, LocalIndex, Streamed, Table, TtlSeconds},
    delete::Delete,
    document::{Document, Holds, List, Map},
    entity::{Entity, Invertible, ItemOf, Kinds, SharedIndex, SharedTable},
    error::Error,
    found::Found,
    hints::{Reads, Writes},
    index::ReadIndex,
    item::{Item, ItemError, from_item, to_item},
    item_name::ItemName,
    items::Items,
    key::{Accepts, Key, KeyLike, KeyParts, KeyShape, PartitionAndSort, PartitionOnly, Sorted},
    layout::{Discriminator, KeyPart, Layout},
    number::{Number, NumberError},
    operand::{Alike, Operand},
    parallel_scan::ParallelScan,
    path::{DocumentPath, Place, TopLevel},
    put::Put,
    query::{Consistent, OfIndex, OfTable, Query},
    read::Read,
    return_values::{InTransaction, NewItem, Nothing, OldItem, Returns},
    scan::{Scan, Scanning},
    select::{AttributeList, Select},
    selection::Page,
    set::Set,
    set_elements::{SetAttribute, SetElements},
    side::Side,
    size::Size,
    sort::{Beginning, First, Leading},
    template::{Piece, Template},
    test_table::TestTable,
    time::{Millis, Rfc3339, Seconds, Timestamp, UnixTime},
    transact::{
        Cancellation, Cancelled, CancelledPart, Part, PartAction, TableList, Transact, TransactGet, TransactGetList,
        TransactRead, TransactReadTable, TransactTable, TransactWrite,
    },
    update::Update,
    value::{AddedTo, ElementOf, Text, ValueFor, WholeNumber},
    version::{VersionNumber, Versioned},
    write::Write,
    write_many::WriteRequest,
};
pub(crate) use self::{client::Dynamo, item::item_from_json, time::seconds_of_date};
#[doc(hidden)]
pub use self::{
    collection::not_in_collection,
    definition::{assert_streamed, assert_ttl},
    entity::{
        assert_another_name, assert_entity, assert_index, assert_same_partition, assert_same_table, assert_unreserved,
        entity_name, index_partition, index_sort, inverted, kind_of, kinds, raw_sort,
    },
    entity_ttl::{NoTtl, Ttl, assert_entity_ttl},
    layout::{from_projected, from_stored, to_stored},
    stored_as::{FieldType, StoredAs, TypeOf, UnknownType},
    template::assert_part,
    test_table::open_for_test,
    version::assert_version,
};
