use std::fmt;

use aws_sdk_dynamodb::Client;
use skyloom_manifest::bridge::{BoxFuture, Environment, table_variable};

use super::{
    Error,
    client::Dynamo,
    definition::Table,
    handle::Handle,
    key::{Accepts, KeyLike, KeyShape},
    read::Read,
    scan::Scan,
    write::Write,
};

/// A table as a test sees it: `app.table::<Order>()`. What would be an error fails the test.
pub struct TestTable<T> {
    read: Read<T>,
    write: Write<T>,
    scan: Scan<T>,
}

/// Opens the table with the rights of the account's owner.
///
/// # Panics
///
/// If the application has no such table.
pub fn open_for_test<T: Table>(environment: &Environment) -> TestTable<T> {
    let variable = |name: &str| environment.variables.get(name).cloned();
    let Some(name) = variable(&table_variable(T::NAME)) else {
        panic!("the application that is tested has no table `{}`", T::NAME)
    };
    let handle = Handle::new(&Dynamo::new(&variable, Some(environment.aws.clone())), name);
    TestTable { read: Read::new(handle.clone()), write: Write::new(handle.clone()), scan: Scan::new(handle) }
}

impl<T: Table> TestTable<T> {
    /// The item with that key.
    pub fn get<K>(&self, key: K) -> BoxFuture<'_, Option<T>>
    where
        T::Shape: Accepts<K>,
    {
        let item = self.read.get_consistent(key);
        Box::pin(async { succeed::<T, _>("get an item of", item.await) })
    }

    /// Stores the item, in place of one with the same key.
    pub async fn put(&self, item: &T) {
        succeed::<T, _>("put an item into", self.write.put(item).await);
    }

    /// Deletes the item with that key, if there is one.
    pub fn delete<K>(&self, key: K) -> BoxFuture<'_, ()>
    where
        T::Shape: Accepts<K>,
    {
        let deleted = self.write.delete(key);
        Box::pin(async { succeed::<T, _>("delete an item of", deleted.await) })
    }

    /// Every item, in no order.
    pub async fn all(&self) -> Vec<T> {
        succeed::<T, _>("scan", self.scan.items().consistent().all().await)
    }

    /// The items of a partition, in the order of their sort keys.
    pub fn query<K>(&self, partition: K) -> BoxFuture<'_, Vec<T>>
    where
        K: KeyLike<<T::Shape as KeyShape>::Partition>,
    {
        let query = self.read.query(partition).consistent();
        Box::pin(async { succeed::<T, _>("query", query.all().await) })
    }

    /// The SDK's client, for what is not here.
    pub fn client(&self) -> &Client {
        self.read.client()
    }

    /// The name of the table in the account.
    pub fn table_name(&self) -> &str {
        self.read.table_name()
    }
}

fn succeed<T: Table, V>(what: &str, result: Result<V, Error>) -> V {
    result.unwrap_or_else(|error| {
        panic!("could not {what} the table `{}`: {}", T::NAME, crate::Error::internal(error).chain())
    })
}

impl<T> fmt::Debug for TestTable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestTable").field(&self.read).finish()
    }
}
