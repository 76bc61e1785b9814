use std::marker::PhantomData;

use aws_sdk_dynamodb::{
    error::SdkError, operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure,
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
    limits::item_of,
    return_values::{InTransaction, Nothing, OldItem, Returns},
    version::{has_version, with_next_version},
};

/// Stores an item when it is awaited.
///
/// Of a table with a `#[version]`, see [`Versioned`](super::Versioned).
#[must_use = "nothing is stored before it is awaited"]
#[derive(Debug)]
pub struct Put<'a, T, R = Nothing> {
    pub(super) table: &'a Handle,
    item: Result<Item, ItemError>,
    condition: Option<Condition<T>>,
    /// Whether the item that is there has to have the version of this one.
    compares_version: bool,
    returns: PhantomData<fn() -> R>,
}

impl<'a, T: Table> Put<'a, T> {
    pub(super) fn new(table: &'a Handle, item: &T) -> Self {
        Self { table, item: item_of(item), condition: None, compares_version: true, returns: PhantomData }
    }

    /// Only where there is no item.
    pub(super) fn new_only(self) -> Self {
        Self { compares_version: false, ..self.only_if(T::not_exists()) }
    }
}

impl<'a, T: Table, R> Put<'a, T, R> {
    /// Only if the condition holds for the item that is there; [`Error::ConditionFailed`] otherwise.
    pub fn only_if(mut self, condition: Condition<T>) -> Self {
        self.condition = Some(condition.added_to(self.condition));
        self
    }

    /// Gives the item in whose place this one is; none if there was none.
    pub fn returning_old(self) -> Put<'a, T, OldItem>
    where
        R: Returns<T>,
    {
        self.returning()
    }

    /// As a part of a transaction, which cannot be awaited itself.
    pub(super) fn in_transaction(self) -> Put<'a, T, InTransaction> {
        self.returning()
    }

    fn returning<Q>(self) -> Put<'a, T, Q> {
        let Self { table, item, condition, compares_version, .. } = self;
        Put { table, item, condition, compares_version, returns: PhantomData }
    }

    /// The item, the expressions of the request, and what they need.
    pub(super) fn into_parts(self) -> Result<(Item, Expressions, Expected), ItemError> {
        let (item, mut condition) = (self.item?, self.condition);
        let mut expected = Expected { exists: false, version: None };
        let item = match T::VERSION {
            None => item,
            Some(attribute) => {
                let (item, version) = with_next_version(item, attribute)?;
                if self.compares_version {
                    condition = Some(has_version(attribute, version).added_to(condition));
                    expected.version = Some((attribute, version));
                }
                item
            }
        };
        Ok((item, Expressions::new(Fragment::default(), condition)?, expected))
    }
}

impl<T: Table, R: Returns<T>> Put<'_, T, R> {
    async fn send(self) -> Result<R::Output, Error> {
        let table = self.table;
        let (item, expressions, expected) = self.into_parts()?;
        let conditional = expressions.condition.is_some();
        let request = table
            .client
            .put_item()
            .table_name(&table.name)
            .set_item(Some(item))
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

fn refusal<R>(error: SdkError<PutItemError, R>, expected: Expected) -> Error
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failed)) => expected.failure(failed.item().cloned()),
        _ => Error::of(error),
    }
}

impl<'a, T: Table, R: Returns<T> + 'a> IntoFuture for Put<'a, T, R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
