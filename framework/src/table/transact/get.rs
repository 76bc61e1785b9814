use std::{fmt, marker::PhantomData, vec};

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::transact_get_items::TransactGetItemsError,
    types::{Get, TransactGetItem},
};

use super::{
    super::{Error, Item, batch::incomplete, definition::Table, handle::Handle, item::ItemError, item_name::ItemName},
    Cancelled, PartAction,
    write::check_items,
};

/// A key whose item a transaction reads. [`TransactReadTable::key`](super::TransactReadTable::key) makes it.
#[must_use = "nothing is read before it is given to `TransactRead::get`"]
pub struct TransactGet<T> {
    pub(super) part: Result<Prepared, ItemError>,
    items: PhantomData<fn() -> T>,
}

/// A read that can be sent.
#[derive(Debug)]
pub struct Prepared {
    item: ItemName,
    request: TransactGetItem,
}

impl<T: Table> TransactGet<T> {
    pub(super) fn new(table: &Handle, key: Result<Item, ItemError>) -> Self {
        Self { part: key.and_then(|key| prepare::<T>(table, key)), items: PhantomData }
    }
}

fn prepare<T: Table>(table: &Handle, key: Item) -> Result<Prepared, ItemError> {
    let item = ItemName::of::<T>(&key);
    let get = Get::builder().table_name(&table.name).set_key(Some(key)).build().map_err(incomplete)?;
    Ok(Prepared { item, request: TransactGetItem::builder().get(get).build() })
}

/// The items of all keys, in their order.
pub(super) async fn get_all(
    client: &Client,
    gets: Vec<Result<Prepared, ItemError>>,
) -> Result<Vec<Option<Item>>, Error> {
    let parts = gets.into_iter().collect::<Result<Vec<_>, _>>()?;
    if parts.is_empty() {
        return Ok(Vec::new()); // DynamoDB would refuse it
    }
    check_items(parts.iter().map(|part| &part.item))?;
    let requests = parts.iter().map(|part| part.request.clone()).collect();
    let request = client.transact_get_items().set_transact_items(Some(requests));
    let output = request.send().await.map_err(|error| refusal(error, &parts))?;
    let mut items = output.responses.unwrap_or_default().into_iter().map(|response| response.item);
    Ok(parts.iter().map(|_| items.next().flatten().filter(|item| !item.is_empty())).collect())
}

fn refusal<R>(error: SdkError<TransactGetItemsError, R>, parts: &[Prepared]) -> Error
where
    R: fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(TransactGetItemsError::TransactionCanceledException(cancelled)) => {
            let parts = parts.iter().map(|part| (PartAction::Get, &part.item));
            Error::TransactionCancelled(Cancelled::new(cancelled.cancellation_reasons(), parts))
        }
        _ => Error::of(error),
    }
}

/// What a transaction reads at once: a [`TransactGet`], or a tuple of up to eight.
pub trait TransactGetList {
    /// The items, each an `Option`.
    type Items: Send;

    #[doc(hidden)]
    fn into_gets(self) -> Vec<Result<Prepared, ItemError>>;
    #[doc(hidden)]
    fn read(items: &mut vec::IntoIter<Option<Item>>) -> Result<Self::Items, ItemError>;
}

impl<T: Table> TransactGetList for TransactGet<T> {
    type Items = Option<T>;

    fn into_gets(self) -> Vec<Result<Prepared, ItemError>> {
        vec![self.part]
    }

    fn read(items: &mut vec::IntoIter<Option<Item>>) -> Result<Self::Items, ItemError> {
        items.next().flatten().map(T::from_item).transpose()
    }
}

macro_rules! tuple {
    ($($table:ident)*) => {
        impl<$($table: Table),*> TransactGetList for ($(TransactGet<$table>,)*) {
            type Items = ($(Option<$table>,)*);

            fn into_gets(self) -> Vec<Result<Prepared, ItemError>> {
                #[expect(non_snake_case, reason = "a tuple's parts are named as their types")]
                let ($($table,)*) = self;
                vec![$($table.part),*]
            }

            fn read(items: &mut vec::IntoIter<Option<Item>>) -> Result<Self::Items, ItemError> {
                Ok(($(TransactGet::<$table>::read(items)?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);

impl<T> fmt::Debug for TransactGet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransactGet").field(&self.part).finish()
    }
}
