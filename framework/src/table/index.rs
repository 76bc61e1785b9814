use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use super::{
    cursor::Schema,
    definition::{FromItem, Index, IndexOf},
    handle::Handle,
    key::{KeyLike, KeyShape},
    query::{OfIndex, Query},
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that queries the index `I`.
///
/// It reads items of the table, or, where the index has only some of their attributes, structs of these. Of a shared table
/// it reads one entity, `ReadIndex<ByDate, Order>`. Its handler may call `dynamodb:Query` on this index, and nothing on the
/// table.
pub struct ReadIndex<I: Index, T = <I as Index>::Item> {
    table: Handle,
    types: PhantomData<fn() -> (I, T)>,
}

impl<E: Trigger, I: IndexOf<T>, T: FromItem> FromEvent<E> for ReadIndex<I, T> {
    const NEEDS: Needs = Needs::Index { table: I::TABLE, index: I::NAME, actions: &[Action::Query] };

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::named(scope, I::TABLE).map(Self::new)
    }
}

impl<I: IndexOf<T>, T: FromItem> ReadIndex<I, T> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, types: PhantomData }
    }

    /// The items of a partition of the index, in the order of its sort key. An index follows its table after a moment.
    pub fn query<K>(&self, partition: K) -> Query<'_, T, I::Shape, OfIndex<I>>
    where
        K: KeyLike<<I::Shape as KeyShape>::Partition>,
    {
        Query::new(&self.table, Some(I::NAME), Schema::of_index::<I, T>(), &partition)
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

impl<I: Index, T> Clone for ReadIndex<I, T> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), types: PhantomData }
    }
}

impl<I: Index, T> fmt::Debug for ReadIndex<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadIndex").field(&self.table.name).finish()
    }
}
