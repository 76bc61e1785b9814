//! Methods that an argument does not have, so that who calls one is told which argument has it. They cannot be called: no type
//! implements the traits that they want.

use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error,
    definition::{IndexOf, Table},
    delete::Delete,
    index::ReadIndex,
    key::{Accepts, KeyLike, KeyShape},
    put::Put,
    query::Query,
    read::Read,
    scan::Scanning,
    update::Update,
    write::Write,
};

/// An argument that could write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` only reads",
    label = "writing is not among the handler's permissions",
    note = "the arguments of a handler are its permissions: add one of the type `Write<{T}>`, and call this on it"
)]
pub trait Writes<T> {
    #[doc(hidden)]
    fn writer(&self) -> &Write<T>;
}

/// An argument that could read by key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read by key",
    label = "reading the table is not among the handler's permissions",
    note = "the arguments of a handler are its permissions: add one of the type `Read<{T}>`, and call this on it"
)]
pub trait Reads<T> {
    #[doc(hidden)]
    fn reader(&self) -> &Read<T>;
}

/// An argument that could read the whole table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` reads by key, not the whole table",
    label = "a scan is not among the handler's permissions",
    note = "the items of a partition are `query(&partition).all()`",
    note = "to read the whole table, which is slow and dear, add an argument of the type `Scan<{T}>`, and call this on it"
)]
pub trait Scans<T> {
    #[doc(hidden)]
    fn scanning(&self) -> Scanning<'_, T>;
}

impl<T: Table> Read<T> {
    #[doc(hidden)]
    pub fn all(&self) -> BoxFuture<'_, Result<Vec<T>, Error>>
    where
        Self: Scans<T>,
    {
        Box::pin(self.scanning().all())
    }

    #[doc(hidden)]
    pub fn scan(&self) -> Scanning<'_, T>
    where
        Self: Scans<T>,
    {
        self.scanning()
    }

    #[doc(hidden)]
    pub fn put(&self, item: &T) -> Put<'_, T>
    where
        Self: Writes<T>,
    {
        self.writer().put(item)
    }

    #[doc(hidden)]
    pub fn put_new(&self, item: &T) -> Put<'_, T>
    where
        Self: Writes<T>,
    {
        self.writer().put_new(item)
    }

    #[doc(hidden)]
    pub fn update<K>(&self, key: K) -> Update<'_, T>
    where
        Self: Writes<T>,
        T::Shape: Accepts<K>,
    {
        self.writer().update(key)
    }

    #[doc(hidden)]
    pub fn delete<K>(&self, key: K) -> Delete<'_, T>
    where
        Self: Writes<T>,
        T::Shape: Accepts<K>,
    {
        self.writer().delete(key)
    }
}

impl<T: Table> Write<T> {
    #[doc(hidden)]
    pub fn get<K>(&self, key: K) -> BoxFuture<'_, Result<Option<T>, Error>>
    where
        Self: Reads<T>,
        T::Shape: Accepts<K>,
    {
        self.reader().get(key)
    }

    #[doc(hidden)]
    pub fn query<K>(&self, partition: K) -> Query<'_, T, T::Shape>
    where
        Self: Reads<T>,
        K: KeyLike<<T::Shape as KeyShape>::Partition>,
    {
        self.reader().query(partition)
    }
}

impl<I: IndexOf<T>, T: Table> ReadIndex<I, T> {
    #[doc(hidden)]
    pub fn get<K>(&self, key: K) -> BoxFuture<'_, Result<Option<T>, Error>>
    where
        Self: Reads<T>,
        T::Shape: Accepts<K>,
    {
        self.reader().get(key)
    }
}
