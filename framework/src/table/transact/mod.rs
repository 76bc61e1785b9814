//! All or nothing, over several items and tables.

mod cancelled;
mod get;
mod part;
mod read;
mod tables;
mod write;

use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use self::tables::Handles;
pub use self::{
    cancelled::{Cancellation, Cancelled, CancelledPart},
    get::{TransactGet, TransactGetList},
    part::{Part, PartAction},
    read::{TransactRead, TransactReadTable},
    tables::TableList,
    write::{TransactTable, TransactWrite},
};
use crate::{FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that writes items of several tables, all of them or none.
///
/// Its handler may call `dynamodb:PutItem`, `dynamodb:UpdateItem`, `dynamodb:DeleteItem` and `dynamodb:ConditionCheckItem`
/// on each of the tables: a transaction needs what its parts need.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use skyloom::{Table, Transact, table};
///
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Order {
///     #[partition_key]
///     pub id: String,
///     pub sku: String,
/// }
///
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Stock {
///     #[partition_key]
///     pub sku: String,
///     pub count: i64,
/// }
///
/// async fn place(tx: Transact<(Order, Stock)>, order: &Order) -> Result<(), table::Error> {
///     let (orders, stock) = tx.tables();
///     tx.write([
///         orders.put_new(order).into(),
///         stock.update(&order.sku).add(Stock::COUNT, -1).only_if(Stock::COUNT.gt(0)).into(),
///     ])
///     .token(&order.id)
///     .await
/// }
/// ```
pub struct Transact<L> {
    tables: Handles,
    list: PhantomData<fn() -> L>,
}

impl<E: Trigger, L: TableList> FromEvent<E> for Transact<L> {
    const NEEDS: Needs = L::WRITES;

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        L::open(scope).map(Self::new)
    }
}

impl<L: TableList> Transact<L> {
    fn new(tables: Handles) -> Self {
        Self { tables, list: PhantomData }
    }

    /// A [`TransactTable`] for each of the tables, which makes the parts: a tuple in the order of the type, or a single one.
    pub fn tables(&self) -> L::Writers<'_> {
        L::writers(&self.tables)
    }

    /// Does all parts, or none if one of them is not possible, when it is awaited. No parts are nothing to do.
    ///
    /// At most 100 parts of 4 MB together are possible, and an item can be in one of them only.
    pub fn write(&self, parts: impl IntoIterator<Item = Part>) -> TransactWrite<'_> {
        TransactWrite::new(self.client(), parts.into_iter().collect())
    }

    /// The SDK's client, for what is not here. It too may only do what the handler's policy grants.
    pub fn client(&self) -> &Client {
        self.tables.client()
    }
}

impl<L> Clone for Transact<L> {
    fn clone(&self) -> Self {
        Self { tables: self.tables.clone(), list: PhantomData }
    }
}

impl<L> fmt::Debug for Transact<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transact").field(&self.tables).finish()
    }
}

#[cfg(test)]
mod tests;
