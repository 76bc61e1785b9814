use std::{collections::HashSet, fmt};

use aws_sdk_dynamodb::{Client, error::SdkError, operation::transact_write_items::TransactWriteItemsError};
use skyloom_manifest::bridge::BoxFuture;

use super::{
    super::{
        Error,
        condition::Condition,
        definition::Table,
        delete::Delete,
        handle::{Handle, key_of},
        item_name::ItemName,
        key::Accepts,
        put::Put,
        return_values::InTransaction,
        update::Update,
        write::Write,
    },
    Cancelled, Part,
    part::Prepared,
};

/// DynamoDB's limits of a transaction.
pub(super) const PARTS: usize = 100;
const BYTES: usize = 4 * 1024 * 1024;
const TOKEN_CHARACTERS: usize = 36;

/// Makes the parts of a transaction that are about the table `T`.
///
/// Nothing happens before the parts are given to [`Transact::write`](super::Transact::write); a part cannot be awaited
/// itself.
pub struct TransactTable<'a, T> {
    table: &'a Handle,
    write: Write<T>,
}

impl<'a, T: Table> TransactTable<'a, T> {
    pub(super) fn new(table: &'a Handle) -> Self {
        Self { table, write: Write::new(table.clone()) }
    }

    /// Stores the item, in place of one with the same key.
    pub fn put(&self, item: &T) -> Put<'_, T, InTransaction> {
        self.write.put(item).in_transaction()
    }

    /// Stores the item; the transaction fails if there is one with the same key.
    pub fn put_new(&self, item: &T) -> Put<'_, T, InTransaction> {
        self.write.put_new(item).in_transaction()
    }

    /// Changes attributes of the item with that key, which has to exist, or [`or_create`](Update::or_create).
    pub fn update<K>(&self, key: K) -> Update<'_, T, InTransaction>
    where
        T::Shape: Accepts<K>,
    {
        self.write.update(key).in_transaction()
    }

    /// Deletes the item with that key. It is no error if there is none.
    pub fn delete<K>(&self, key: K) -> Delete<'_, T, InTransaction>
    where
        T::Shape: Accepts<K>,
    {
        self.write.delete(key).in_transaction()
    }

    /// Does nothing; the transaction fails if the condition does not hold for the item with that key.
    pub fn check<K>(&self, key: K, condition: Condition<T>) -> Part
    where
        T::Shape: Accepts<K>,
    {
        Part::check(self.table, key_of::<T, K>(&key), condition)
    }
}

impl<T> fmt::Debug for TransactTable<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TransactTable").field(&self.table.name).finish()
    }
}

/// Does the parts of a transaction when it is awaited.
///
/// [`Error::TransactionCancelled`] says which parts were not possible, and that nothing was done.
#[must_use = "nothing is done before it is awaited"]
#[derive(Debug)]
pub struct TransactWrite<'a> {
    client: &'a Client,
    parts: Vec<Part>,
    token: Option<String>,
}

impl<'a> TransactWrite<'a> {
    pub(super) fn new(client: &'a Client, parts: Vec<Part>) -> Self {
        Self { client, parts, token: None }
    }

    /// The client request token, of 1 to 36 characters: within ten minutes, the same parts with the same token are done
    /// once. The SDK makes one for its own retries if there is none.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    async fn send(self) -> Result<(), Error> {
        let characters = self.token.as_ref().map(|token| token.chars().count());
        if let Some(count) = characters.filter(|count| !(1..=TOKEN_CHARACTERS).contains(count)) {
            return Err(Error::InvalidToken(count));
        }
        let parts = self.parts.into_iter().map(|Part(part)| part).collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Ok(()); // DynamoDB would refuse it
        }
        check(&parts)?;
        let requests = parts.iter().map(|part| part.request.clone()).collect();
        let request = self.client.transact_write_items().set_transact_items(Some(requests));
        let sent = request.set_client_request_token(self.token).send().await;
        sent.map(drop).map_err(|error| refusal(error, &parts))
    }
}

fn check(parts: &[Prepared]) -> Result<(), Error> {
    let bytes: usize = parts.iter().map(|part| part.bytes).sum();
    if bytes > BYTES {
        let message = format!("the transaction has {bytes} bytes, and DynamoDB takes {BYTES} (4 MB)");
        return Err(Error::TooLarge(message));
    }
    check_items(parts.iter().map(|part| &part.item))
}

/// The rules that writes and reads share.
pub(super) fn check_items<'a>(items: impl ExactSizeIterator<Item = &'a ItemName>) -> Result<(), Error> {
    if items.len() > PARTS {
        let message = format!("the transaction has {} parts, and DynamoDB takes {PARTS}", items.len());
        return Err(Error::TooLarge(message));
    }
    let mut seen = HashSet::new();
    for item in items {
        if !seen.insert(item.identity()) {
            return Err(Error::DuplicateItem(Box::new(item.clone())));
        }
    }
    Ok(())
}

fn refusal<R>(error: SdkError<TransactWriteItemsError, R>, parts: &[Prepared]) -> Error
where
    R: fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let parts = parts.iter().map(|part| (part.action, &part.item));
            Error::TransactionCancelled(Cancelled::new(cancelled.cancellation_reasons(), parts))
        }
        _ => Error::of(error),
    }
}

impl<'a> IntoFuture for TransactWrite<'a> {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
