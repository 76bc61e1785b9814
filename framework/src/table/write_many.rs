use std::{collections::HashSet, fmt, marker::PhantomData};

use aws_sdk_dynamodb::types;

use super::{
    Error, Item,
    batch::{incomplete, write_batches},
    definition::Table,
    handle::key_of,
    item::ItemError,
    item_name::ItemName,
    key::Accepts,
    limits::item_of,
    version::check_unversioned,
    write::Write,
};

/// One of many writes: [`Write::put_request`] or [`Write::delete_request`]. It has no condition, because DynamoDB's batches
/// have none.
#[must_use = "nothing is written before it is given to `write_many`"]
pub struct WriteRequest<T> {
    prepared: Result<(ItemName, types::WriteRequest), ItemError>,
    items: PhantomData<fn() -> T>,
}

/// Writes of many items, 25 in a request. What DynamoDB leaves undone when it is busy is asked for again after a while. It is
/// no transaction: after an error some may be done.
impl<T: Table> Write<T> {
    /// Does all of these, each of which has to be about another item.
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Table, Write, table};
    /// # #[derive(Table, Serialize, Deserialize)]
    /// # pub struct Order { #[partition_key] id: String }
    /// async fn replace(orders: Write<Order>, old: &str, new: &Order) -> Result<(), table::Error> {
    ///     orders.write_many([orders.delete_request(old), orders.put_request(new)]).await
    /// }
    /// ```
    pub async fn write_many(&self, requests: impl IntoIterator<Item = WriteRequest<T>>) -> Result<(), Error> {
        let (mut batch, mut seen) = (Vec::new(), HashSet::new());
        for WriteRequest { prepared, .. } in requests {
            let (item, request) = prepared?;
            if !seen.insert(item.identity()) {
                return Err(Error::DuplicateItem(Box::new(item)));
            }
            batch.push(request);
        }
        write_batches(&self.table, batch).await
    }

    /// Stores all items, in place of those with the same keys.
    pub async fn put_many<'t>(&self, items: impl IntoIterator<Item = &'t T>) -> Result<(), Error> {
        let requests: Vec<_> = items.into_iter().map(|item| self.put_request(item)).collect();
        self.write_many(requests).await
    }

    /// Deletes the items with these keys. It is no error if there is none.
    pub async fn delete_many<K>(&self, keys: impl IntoIterator<Item = K>) -> Result<(), Error>
    where
        T::Shape: Accepts<K>,
    {
        let requests: Vec<_> = keys.into_iter().map(|key| self.delete_request(key)).collect();
        self.write_many(requests).await
    }

    /// Stores the item, in place of one with the same key; for [`write_many`](Self::write_many).
    pub fn put_request(&self, item: &T) -> WriteRequest<T> {
        let prepared = check_unversioned::<T>().and_then(|()| item_of(item)).and_then(put::<T>);
        WriteRequest { prepared, items: PhantomData }
    }

    /// Deletes the item with that key; for [`write_many`](Self::write_many).
    pub fn delete_request<K>(&self, key: K) -> WriteRequest<T>
    where
        T::Shape: Accepts<K>,
    {
        WriteRequest { prepared: key_of::<T, K>(&key).and_then(delete::<T>), items: PhantomData }
    }
}

fn put<T: Table>(item: Item) -> Result<(ItemName, types::WriteRequest), ItemError> {
    let name = ItemName::of::<T>(&item);
    let put = types::PutRequest::builder().set_item(Some(item)).build();
    put.map(|put| (name, types::WriteRequest::builder().put_request(put).build())).map_err(incomplete)
}

fn delete<T: Table>(key: Item) -> Result<(ItemName, types::WriteRequest), ItemError> {
    let name = ItemName::of::<T>(&key);
    let delete = types::DeleteRequest::builder().set_key(Some(key)).build();
    delete.map(|delete| (name, types::WriteRequest::builder().delete_request(delete).build())).map_err(incomplete)
}

impl<T> fmt::Debug for WriteRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WriteRequest").field(&self.prepared).finish()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::recorder::{Counter, Order, Recorder};

    #[tokio::test]
    async fn puts_and_deletes_go_together() {
        let recorder = Recorder::default();
        let orders = recorder.write::<Order>();
        let requests = [orders.put_request(&Order::new("1")), orders.delete_request(("ann", "2"))];
        orders.write_many(requests).await.unwrap();
        orders.write_many([]).await.unwrap();
        expect![[r#"BatchWriteItem {"RequestItems":{"shop-Table":[{"PutRequest":{"Item":{"cents":{"N":"5"},"id":{"S":"1"},"shopper":{"S":"ann"},"status":{"S":"open"}}}},{"DeleteRequest":{"Key":{"id":{"S":"2"},"shopper":{"S":"ann"}}}}]}}"#]].assert_eq(&recorder.asked());
    }

    #[tokio::test]
    async fn many_deletes_are_several_requests() {
        let recorder = Recorder::default();
        recorder.write::<Counter>().delete_many(0..30).await.unwrap();
        assert_eq!(recorder.count(), 2);
    }

    #[tokio::test]
    async fn an_item_that_is_there_twice_is_named_and_nothing_is_sent() {
        let recorder = Recorder::default();
        let orders = recorder.write::<Order>();
        let requests = ["1", "2", "1"].map(|id| orders.delete_request(("ann", id)));
        let error = orders.write_many(requests).await.unwrap_err();
        expect![[r#"Order {id: "1", shopper: "ann"} is in the request twice, and DynamoDB takes an item once"#]]
            .assert_eq(&error.to_string());
        let error = orders.put_many([&Order::new("1"), &Order::new("")]).await.unwrap_err();
        assert!(matches!(error, super::Error::InvalidKey(_)), "{error}");
        assert_eq!(recorder.count(), 0);
    }
}
