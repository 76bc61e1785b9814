use std::{fmt, marker::PhantomData};

use aws_sdk_dynamodb::Client;

use super::{
    cursor::Schema,
    definition::{Index, Table},
    handle::Handle,
    key::{KeyLike, KeyShape},
    query::{OfIndex, Query},
};
use crate::{Action, FromEvent, Needs, Rejection, Scope, Trigger};

/// An argument that queries the index `I`.
///
/// Its handler may call `dynamodb:Query` on this index, and nothing on the table.
pub struct ReadIndex<I> {
    table: Handle,
    index: PhantomData<fn() -> I>,
}

impl<E: Trigger, I: Index> FromEvent<E> for ReadIndex<I> {
    const NEEDS: Needs = Needs::Index { table: I::Table::NAME, index: I::NAME, actions: &[Action::Query] };

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Handle::of::<I::Table>(scope).map(Self::new)
    }
}

impl<I: Index> ReadIndex<I> {
    pub(super) fn new(table: Handle) -> Self {
        Self { table, index: PhantomData }
    }

    /// The items of a partition of the index, in the order of its sort key. An index follows its table after a moment.
    pub fn query<K>(&self, partition: K) -> Query<'_, I::Table, I::Shape, OfIndex>
    where
        K: KeyLike<<I::Shape as KeyShape>::Partition>,
    {
        Query::new(&self.table, Some(I::NAME), Schema::of_index::<I>(), &partition)
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

impl<I> Clone for ReadIndex<I> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone(), index: PhantomData }
    }
}

impl<I> fmt::Debug for ReadIndex<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadIndex").field(&self.table.name).finish()
    }
}
