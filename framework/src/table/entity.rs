use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    definition::{FromItem, Index, Table},
    item::{Item, ItemError},
    key::{KeyParts, KeyShape, PartitionAndSort, PartitionOnly},
    layout::Discriminator,
    side::Side,
    template::{Piece, Template},
};
use crate::registry::ENTITIES;

/// A table whose items are of several kinds: a struct without fields that derives `Table`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table that entities share",
    note = "write `#[derive(Table)]` on a struct without fields: `pub struct Shop;`"
)]
pub trait SharedTable: Send + Sync + 'static {
    /// Its name in the manifest: the struct's.
    const NAME: &'static str;
    /// The attribute that is its partition key.
    const PARTITION_KEY: &'static str;
    /// The attribute that is its sort key.
    const SORT_KEY: &'static str;
    /// The attribute that says which entity an item is.
    const DISCRIMINATOR: &'static str;
    /// The attribute that says when an item expires.
    const TTL: Option<&'static str>;
}

/// A secondary index of a table that entities share.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an index of a table that entities share")]
pub trait SharedIndex: Index {
    /// The table.
    type Shared: SharedTable;
    /// The attribute that is its partition key.
    const PARTITION_KEY: &'static str;
    /// The attribute that is its sort key.
    const SORT_KEY: Option<&'static str>;
}

/// One kind of item of a table that several share. `#[derive(Entity)]` implements it.
///
/// It is a [`Table`] in each other respect: `Read<Order>` and `Write<Order>` see the items of this kind and no others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    note = "write `#[derive(Entity, Serialize, Deserialize)]` and `#[entity(table = …, partition = \"…\", sort = \"…\")]` on it"
)]
pub trait Entity: Table {
    /// The table.
    type Shared: SharedTable;
}

/// What items of the table `T` can be read as: an entity, or a collection of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item of `{T}`",
    label = "the stream of `{T}` has no changes of these",
    note = "a `Change` is of the table's own struct; where entities share `{T}`, it is of one of these, with `#[entity(table = {T}, …)]`, or of a `#[derive(Collection)]` enum of them"
)]
pub trait ItemOf<T>: FromItem {
    /// The entities that it may be, by the attribute that says which one an item is; nothing for all items of the table.
    const KINDS: Kinds = None;
}

impl<T: Table> ItemOf<T> for T {}

/// A shape whose sides can be exchanged, as an inverted index does it.
pub trait Invertible: KeyShape {
    /// The shape of the index.
    type Inverted: KeyShape;
}

impl<P: KeyParts, S: KeyParts> Invertible for PartitionAndSort<P, S> {
    type Inverted = PartitionAndSort<S, P>;
}

impl<P: KeyParts> Invertible for PartitionOnly<P> {
    type Inverted = PartitionAndSort<(), P>;
}

/// The partition key of an inverted index: the sort key of the table.
pub const fn inverted<E: Entity>() -> Side {
    match E::SORT {
        Some(side) => side,
        None => E::PARTITION,
    }
}

/// What the discriminator says of an entity.
pub const fn entity_name<E: Entity>() -> &'static str {
    match E::LAYOUT.entity {
        Some(Discriminator { name, .. }) => name,
        None => "",
    }
}

/// What the discriminator says of an item.
pub fn kind_of<E: Entity>(item: &Item) -> Result<String, ItemError> {
    let attribute = <E::Shared as SharedTable>::DISCRIMINATOR;
    match item.get(attribute) {
        Some(AttributeValue::S(kind)) => Ok(kind.clone()),
        _ => Err(ItemError::new("the item does not say which entity it is").in_field(attribute)),
    }
}

/// The attribute that is the partition key of an index.
pub const fn index_partition<I: SharedIndex>() -> &'static str {
    I::PARTITION_KEY
}

/// The attribute that is the sort key of an index; [`assert_index`] says that there is one.
pub const fn index_sort<I: SharedIndex>() -> &'static str {
    match I::SORT_KEY {
        Some(attribute) => attribute,
        None => "",
    }
}

/// The sort key of an index, as it is stored.
pub const fn raw_sort<I: SharedIndex>() -> Option<Side> {
    match I::SORT_KEY {
        Some(attribute) => Some(Side::Attribute(attribute)),
        None => None,
    }
}

/// Does not compile unless the entity gives the keys that the index of its table has.
#[track_caller]
pub const fn assert_index<I: SharedIndex<Shared = E::Shared>, E: Entity>(partition: bool, sort: bool) {
    assert!(partition || I::LOCAL, "this index has a partition key of its own: write `partition = \"…\"` too");
    assert!(!partition || !I::LOCAL, "a local index has the table's partition key: remove `partition`");
    assert!(sort || I::SORT_KEY.is_none(), "this index has a sort key: write `sort = \"…\"` too");
    assert!(!sort || I::SORT_KEY.is_some(), "this index has no sort key: remove `sort`");
}

/// Does not compile for a field that is stored where the table has what is its own.
#[track_caller]
pub const fn assert_unreserved<E: Entity>(name: &str) {
    assert!(
        !is_same_text(name.as_bytes(), <E::Shared as SharedTable>::DISCRIMINATOR.as_bytes()),
        "the table says here which entity an item is: rename the field, or write `discriminator = \"…\"` on the table"
    );
    let is_partition_key = is_same_text(name.as_bytes(), <E::Shared as SharedTable>::PARTITION_KEY.as_bytes());
    let is_sort_key = is_same_text(name.as_bytes(), <E::Shared as SharedTable>::SORT_KEY.as_bytes());
    assert!(
        !is_partition_key && !is_sort_key,
        "the table has its key here, which the templates make: rename the field, or name the key otherwise on the table"
    );
}

/// Does not compile for what is no entity.
pub const fn assert_entity<E: Entity>() {}

/// Does not compile unless both are of one table.
pub const fn assert_same_table<A: Entity, B: Entity<Shared = A::Shared>>() {}

/// Does not compile for an entity whose items say of themselves what those of another one say.
#[track_caller]
pub const fn assert_another_name<E: Entity>(others: &[&str]) {
    let name = entity_name::<E>().as_bytes();
    let mut at = 0;
    while at < others.len() {
        assert!(
            !is_same_text(name, others[at].as_bytes()),
            "the items of this entity say that they are another one's: give it a `name` of its own in `#[entity(…)]`"
        );
        at += 1;
    }
}

/// Does not compile unless both have the same partitions: a collection is what one of them holds.
#[track_caller]
pub const fn assert_same_partition(first: Side, other: Side) {
    assert!(
        is_same(first, other),
        "the partition key of this entity is made otherwise than that of the first: a collection is one partition"
    );
}

const fn is_same(one: Side, other: Side) -> bool {
    match (one, other) {
        (Side::Template(_, Template(one)), Side::Template(_, Template(other))) => are_same(one, other),
        _ => false,
    }
}

const fn are_same(one: &[Piece], other: &[Piece]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([Piece::Text(text), one @ ..], [Piece::Text(other_text), other @ ..]) => {
            is_same_text(text.as_bytes(), other_text.as_bytes()) && are_same(one, other)
        }
        (
            [Piece::Part { kind, digits, .. }, one @ ..],
            [Piece::Part { kind: other_kind, digits: other_digits, .. }, other @ ..],
        ) => *kind as u8 == *other_kind as u8 && *digits == *other_digits && are_same(one, other),
        _ => false,
    }
}

pub(super) const fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([one, ones @ ..], [other, others @ ..]) => *one == *other && is_same_text(ones, others),
        _ => false,
    }
}

/// The entities that a request has to ask for, by the attribute that says which one an item is.
pub type Kinds = Option<(&'static str, &'static [&'static str])>;

/// The entities among which a query of a table's partition has to choose. The key alone says it, unless another entity has
/// keys that begin in the same way.
pub(super) fn of_query(table: &str, kinds: Kinds, partition: &Side, sort: Option<&Side>) -> Kinds {
    let (_, names) = kinds?;
    let is_stranger = |name: &str| !names.contains(&name);
    let meets = |one: Option<&Side>, other: &Side| one.is_none_or(|side| side.meets(other));
    ENTITIES
        .iter()
        .any(|other| {
            other.table == table
                && is_stranger(other.kind)
                && meets(Some(partition), &other.partition)
                && meets(sort, &other.sort)
        })
        .then_some(kinds)?
}

/// The entities among which a query of an index, or a scan, has to choose.
pub(super) fn of_all(table: &str, kinds: Kinds) -> Kinds {
    let (_, names) = kinds?;
    ENTITIES.iter().any(|other| other.table == table && !names.contains(&other.kind)).then_some(kinds)?
}

/// What `T` is, if it is an entity.
pub const fn kinds<T: Table>() -> Kinds {
    const {
        match &T::LAYOUT.entity {
            Some(Discriminator { attribute, name }) => Some((*attribute, std::slice::from_ref(name))),
            None => None,
        }
    }
}
