use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use super::{
    cursor::Schema,
    definition::{FromItem, Table},
    entity::{Entity, SharedTable},
    handle::Handle,
    item::ItemError,
    key::{KeyLike, KeyShape, PartitionAndSort},
    query::Query,
    side::Side,
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// Entities of one table that are in the same partitions. `#[derive(Collection)]` makes an enum of them one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a collection of a table's items",
    note = "write `#[derive(Collection)]` on an enum of entities: `enum CustomerItems {{ Customer(Customer), Order(Order) }}`"
)]
pub trait Collection: FromItem {
    /// One of them, whose partitions they all share.
    type First: Entity;
    /// What the discriminator says of each.
    const ENTITIES: &'static [&'static str];
}

/// The shape of a collection: the partition key of its entities, and the sort key as it is stored, which is different for
/// each of them.
pub type CollectionShape<S> = PartitionAndSort<<S as KeyShape>::Partition, String>;

/// An argument that reads the item collection `C`: the items of a partition, whichever of its entities they are.
///
/// Its handler may call `dynamodb:Query` on the table, and only on the partitions of these entities.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use skyloom::{Collection, Entity, ReadCollection, Table, table};
///
/// #[derive(Table)]
/// pub struct Shop;
///
/// #[derive(Entity, Serialize, Deserialize)]
/// #[entity(table = Shop, partition = "CUSTOMER#{id}", sort = "PROFILE")]
/// pub struct Customer {
///     pub id: String,
///     pub name: String,
/// }
///
/// #[derive(Entity, Serialize, Deserialize)]
/// #[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{placed_at}#{id}")]
/// pub struct Order {
///     pub customer: String,
///     pub placed_at: String,
///     pub id: String,
///     pub total_cents: u64,
/// }
///
/// #[derive(Collection)]
/// pub enum CustomerItems {
///     Customer(Customer),
///     Order(Order),
/// }
///
/// /// The customer and all orders, in one request.
/// async fn all(items: ReadCollection<CustomerItems>) -> Result<Vec<CustomerItems>, table::Error> {
///     items.query("ann").all().await
/// }
/// ```
pub struct ReadCollection<C> {
    table: Handle,
    items: PhantomData<fn() -> C>,
}

impl<E: Trigger, C: Collection> FromEvent<E> for ReadCollection<C> {
    const NEEDS: Needs = Needs::table::<C::First>(&[Action::Query]);

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::of::<C::First>(scope).map(Self::new)
    }
}

impl<C: Collection> ReadCollection<C> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, items: PhantomData }
    }

    /// The items of a partition, in the order of their sort keys as they are stored: `ORDER#…` before `PROFILE`.
    ///
    /// Conditions on the sort key are on that text: `sort_begins_with("ORDER#")`.
    pub fn query<K>(&self, partition: K) -> Query<'_, C, CollectionShape<<C::First as Table>::Shape>>
    where
        K: KeyLike<<<C::First as Table>::Shape as KeyShape>::Partition>,
    {
        Query::new(&self.table, None, Schema::of_collection::<C>(), &partition)
    }

    /// The SDK's client, for what is not here. It too may only do what the handler's policy grants.
    pub fn client(&self) -> &Client {
        &self.table.client
    }

    /// The name of the table in the account.
    pub fn table_name(&self) -> &str {
        &self.table.name
    }
}

/// The sort key of a collection.
pub(super) const fn sort_of<C: Collection>() -> Side {
    Side::Attribute(<<C::First as Entity>::Shared as SharedTable>::SORT_KEY)
}

/// What an item is that none of the entities is.
pub fn not_in_collection(kind: &str, entities: &[&str]) -> ItemError {
    ItemError::new(format!("the item is a `{kind}`, and the collection has {}", entities.join(", ")))
}

impl<C> Clone for ReadCollection<C> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), items: PhantomData }
    }
}

impl<C> fmt::Debug for ReadCollection<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadCollection").field(&self.table.name).finish()
    }
}
