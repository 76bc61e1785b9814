use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;
use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error,
    batch::get_batches,
    cursor::Schema,
    definition::Table,
    handle::{Handle, key_of},
    item::{Item, ItemError},
    key::{Accepts, KeyLike, KeyShape},
    query::Query,
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that reads the table `T` by its keys.
///
/// Its handler may call `dynamodb:GetItem`, `dynamodb:BatchGetItem` and `dynamodb:Query` on this table.
pub struct Read<T> {
    table: Handle,
    items: PhantomData<fn() -> T>,
}

impl<E: Trigger, T: Table> FromEvent<E> for Read<T> {
    const NEEDS: Needs = Needs::table::<T>(&[Action::GetItem, Action::BatchGetItem, Action::Query]);

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::of::<T>(scope).map(Self::new)
    }
}

impl<T: Table> Read<T> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, items: PhantomData }
    }

    /// The item with that key. A write of the last moment may be missing.
    pub fn get<K>(&self, key: K) -> BoxFuture<'_, Result<Option<T>, Error>>
    where
        T::Shape: Accepts<K>,
    {
        Box::pin(self.get_item(key_of::<T, K>(&key), false))
    }

    /// The item with that key, with every write that was acknowledged before, at twice the price.
    pub fn get_consistent<K>(&self, key: K) -> BoxFuture<'_, Result<Option<T>, Error>>
    where
        T::Shape: Accepts<K>,
    {
        Box::pin(self.get_item(key_of::<T, K>(&key), true))
    }

    async fn get_item(&self, key: Result<Item, ItemError>, consistent: bool) -> Result<Option<T>, Error> {
        let request = self.table.client.get_item().table_name(&self.table.name);
        let request = request.set_key(Some(key?)).set_consistent_read(consistent.then_some(true));
        let output = request.send().await.map_err(Error::of)?;
        Ok(output.item.map(T::from_item).transpose()?)
    }

    /// The items with these keys, in their order, a hundred in a request; `None` where there is none.
    pub fn get_many<K>(&self, keys: impl IntoIterator<Item = K>) -> BoxFuture<'_, Result<Vec<Option<T>>, Error>>
    where
        T::Shape: Accepts<K>,
    {
        let keys = keys.into_iter().map(|key| key_of::<T, K>(&key)).collect();
        Box::pin(self.get_items(keys, false))
    }

    /// As [`get_many`](Self::get_many), with every write that was acknowledged before, at twice the price.
    pub fn get_many_consistent<K>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> BoxFuture<'_, Result<Vec<Option<T>>, Error>>
    where
        T::Shape: Accepts<K>,
    {
        let keys = keys.into_iter().map(|key| key_of::<T, K>(&key)).collect();
        Box::pin(self.get_items(keys, true))
    }

    async fn get_items(&self, keys: Result<Vec<Item>, ItemError>, consistent: bool) -> Result<Vec<Option<T>>, Error> {
        let items = get_batches(&self.table, keys?, consistent).await?;
        Ok(items.into_iter().map(|item| item.map(T::from_item).transpose()).collect::<Result<_, _>>()?)
    }

    /// The items of a partition, in the order of their sort keys.
    pub fn query<K>(&self, partition: K) -> Query<'_, T, T::Shape>
    where
        K: KeyLike<<T::Shape as KeyShape>::Partition>,
    {
        Query::new(&self.table, None, Schema::of_table::<T>(), &partition)
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

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), items: PhantomData }
    }
}

impl<T> fmt::Debug for Read<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Read").field(&self.table.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::super::recorder::{Counter, Order, Recorder};

    #[tokio::test]
    async fn an_item_is_read_by_its_whole_key() {
        let recorder = Recorder::answering([json!({"Item": Order::wire("1")}), json!({})]);
        let orders = recorder.read::<Order>();
        assert_eq!(orders.get(("ann", "1")).await.unwrap(), Some(Order::new("1")));
        assert_eq!(orders.get_consistent((&"ann".to_owned(), "2".to_owned())).await.unwrap(), None);
        expect![[r#"
            GetItem {"Key":{"id":{"S":"1"},"shopper":{"S":"ann"}}}
            GetItem {"ConsistentRead":true,"Key":{"id":{"S":"2"},"shopper":{"S":"ann"}}}"#]]
        .assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn a_key_may_be_a_number() {
        let recorder = Recorder::answering([json!({"Item": {"id": {"N": "7"}}})]);
        assert_eq!(recorder.read::<Counter>().get(7).await.unwrap(), Some(Counter { id: 7 }));
        expect![[r#"GetItem {"Key":{"id":{"N":"7"}}}"#]].assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn an_item_that_does_not_fit_says_where() {
        let recorder = Recorder::answering([json!({"Item": {"id": {"S": "seven"}}})]);
        let error = recorder.read::<Counter>().get(7).await.unwrap_err();
        assert_eq!(error.to_string(), r#"`id`: invalid type: string "seven", expected u64"#);
    }
}
