use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;
use skyloom_manifest::bridge::BoxFuture;

use super::{
    super::{
        Error,
        definition::Table,
        handle::{Handle, key_of},
        key::Accepts,
    },
    TableList,
    get::{TransactGet, TransactGetList, get_all},
    tables::Handles,
};
use crate::{FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that reads items of several tables as they are at one moment: no transaction is half visible.
///
/// Its handler may call `dynamodb:GetItem` on each of the tables.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Table, TransactRead, table};
/// # #[derive(Table, Serialize, Deserialize)]
/// # pub struct Order { #[partition_key] pub id: String }
/// # #[derive(Table, Serialize, Deserialize)]
/// # pub struct Stock { #[partition_key] pub sku: String, pub count: i64 }
/// async fn look(tx: TransactRead<(Order, Stock)>) -> Result<(Option<Order>, Option<Stock>), table::Error> {
///     let (orders, stock) = tx.tables();
///     tx.get((orders.key("o-1"), stock.key("pen"))).await
/// }
/// ```
pub struct TransactRead<L> {
    tables: Handles,
    list: PhantomData<fn() -> L>,
}

impl<E: Trigger, L: TableList> FromEvent<E> for TransactRead<L> {
    const NEEDS: Needs = L::READS;

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        L::open(scope).map(Self::new)
    }
}

impl<L: TableList> TransactRead<L> {
    pub(super) fn new(tables: Handles) -> Self {
        Self { tables, list: PhantomData }
    }

    /// A [`TransactReadTable`] for each of the tables: a tuple in the order of the type, or a single one.
    pub fn tables(&self) -> L::Readers<'_> {
        L::readers(&self.tables)
    }

    /// The items of a tuple of up to eight keys, all at the same moment; `None` where there is none.
    pub fn get<K: TransactGetList>(&self, keys: K) -> BoxFuture<'_, Result<K::Items, Error>> {
        let gets = keys.into_gets();
        Box::pin(async { Ok(K::read(&mut get_all(self.client(), gets).await?.into_iter())?) })
    }

    /// The items of up to 100 keys of one table, in their order, all at the same moment; `None` where there is none.
    pub fn get_many<T: Table>(
        &self,
        keys: impl IntoIterator<Item = TransactGet<T>>,
    ) -> BoxFuture<'_, Result<Vec<Option<T>>, Error>> {
        let gets = keys.into_iter().map(|get| get.part).collect();
        Box::pin(async {
            let items = get_all(self.client(), gets).await?;
            Ok(items.into_iter().map(|item| item.map(T::from_item).transpose()).collect::<Result<_, _>>()?)
        })
    }

    /// The SDK's client, for what is not here. It too may only do what the handler's policy grants.
    pub fn client(&self) -> &Client {
        self.tables.client()
    }
}

/// Makes the keys of the table `T` that a transaction reads.
#[derive(Clone, Copy)]
pub struct TransactReadTable<'a, T> {
    table: &'a Handle,
    items: PhantomData<fn() -> T>,
}

impl<'a, T: Table> TransactReadTable<'a, T> {
    pub(super) fn new(table: &'a Handle) -> Self {
        Self { table, items: PhantomData }
    }

    /// The item with that key.
    pub fn key<K>(&self, key: K) -> TransactGet<T>
    where
        T::Shape: Accepts<K>,
    {
        TransactGet::new(self.table, key_of::<T, K>(&key))
    }
}

impl<T> fmt::Debug for TransactReadTable<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransactReadTable").field(&self.table.name).finish()
    }
}

impl<L> Clone for TransactRead<L> {
    fn clone(&self) -> Self {
        Self { tables: self.tables.clone(), list: PhantomData }
    }
}

impl<L> fmt::Debug for TransactRead<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransactRead").field(&self.tables).finish()
    }
}
