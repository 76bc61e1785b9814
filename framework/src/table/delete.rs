use std::marker::PhantomData;

use aws_sdk_dynamodb::{
    error::SdkError, operation::delete_item::DeleteItemError, types::ReturnValuesOnConditionCheckFailure,
};
use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error, Item,
    condition::Condition,
    definition::Table,
    expression::{Expressions, Fragment},
    found::Expected,
    handle::Handle,
    item::ItemError,
    return_values::{InTransaction, Nothing, OldItem, Returns},
    version::{Versioned, has_version},
};

/// Deletes an item when it is awaited.
#[must_use = "nothing is deleted before it is awaited"]
#[derive(Debug)]
pub struct Delete<'a, T, R = Nothing> {
    pub(super) table: &'a Handle,
    key: Result<Item, ItemError>,
    condition: Option<Condition<T>>,
    version: Option<u64>,
    returns: PhantomData<fn() -> R>,
}

impl<'a, T: Table> Delete<'a, T> {
    pub(super) fn new(table: &'a Handle, key: Result<Item, ItemError>) -> Self {
        Self { table, key, condition: None, version: None, returns: PhantomData }
    }
}

impl<'a, T: Table, R> Delete<'a, T, R> {
    /// Only if the condition holds for the item; [`Error::ConditionFailed`] otherwise, also if there is no item.
    pub fn only_if(mut self, condition: Condition<T>) -> Self {
        self.condition = Some(condition.added_to(self.condition));
        self
    }

    /// Only if the item has that version; [`Error::VersionConflict`] otherwise.
    pub fn expecting(mut self, version: impl Into<u64>) -> Self
    where
        T: Versioned,
    {
        self.version = Some(version.into());
        self
    }

    /// Gives the item that is deleted; none if there was none.
    pub fn returning_old(self) -> Delete<'a, T, OldItem>
    where
        R: Returns<T>,
    {
        self.returning()
    }

    /// As a part of a transaction, which cannot be awaited itself.
    pub(super) fn in_transaction(self) -> Delete<'a, T, InTransaction> {
        self.returning()
    }

    fn returning<Q>(self) -> Delete<'a, T, Q> {
        let Self { table, key, condition, version, .. } = self;
        Delete { table, key, condition, version, returns: PhantomData }
    }

    pub(super) fn expected(&self) -> Expected {
        Expected { exists: false, version: T::VERSION.zip(self.version) }
    }

    /// The key and the expressions of the request.
    pub(super) fn into_parts(self) -> Result<(Item, Expressions), ItemError> {
        let condition = match T::VERSION.zip(self.version) {
            Some((attribute, version)) => Some(has_version(attribute, version).added_to(self.condition)),
            None => self.condition,
        };
        let expressions = Expressions::new(Fragment::default(), condition)?;
        Ok((self.key?, expressions))
    }
}

impl<T: Table, R: Returns<T>> Delete<'_, T, R> {
    async fn send(self) -> Result<R::Output, Error> {
        let (table, expected) = (self.table, self.expected());
        let (key, expressions) = self.into_parts()?;
        let conditional = expressions.condition.is_some();
        let request = table
            .client
            .delete_item()
            .table_name(&table.name)
            .set_key(Some(key))
            .set_condition_expression(expressions.condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values(R::return_values())
            .set_return_values_on_condition_check_failure(
                conditional.then_some(ReturnValuesOnConditionCheckFailure::AllOld),
            );
        let output = request.send().await.map_err(|error| refusal(error, expected))?;
        Ok(R::read(output.attributes)?)
    }
}

fn refusal<R>(error: SdkError<DeleteItemError, R>, expected: Expected) -> Error
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(DeleteItemError::ConditionalCheckFailedException(failed)) => expected.failure(failed.item().cloned()),
        _ => Error::of(error),
    }
}

impl<'a, T: Table, R: Returns<T> + 'a> IntoFuture for Delete<'a, T, R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
