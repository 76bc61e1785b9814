use std::marker::PhantomData;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use serde::Serialize;
use skyloom_manifest::bridge::BoxFuture;

use super::{
    Error, Item,
    attribute::IntoPath,
    changes::{Action, Changes},
    condition::Condition,
    definition::Table,
    derived::derived,
    document::List,
    expression::{Expressions, Fragment},
    found::Expected,
    handle::Handle,
    item::{ItemError, to_attribute},
    operand::{Operand, Term},
    path::DocumentPath,
    return_values::{InTransaction, NewItem, Nothing, OldItem, Returns},
    set_elements::SetElements,
    value::{AddedTo, ValueFor},
    version::{Versioned, has_version},
};

/// Changes attributes of an item when it is awaited, and gives the item after the change.
///
/// The item has to exist: [`Error::ItemNotFound`] says that it does not. With [`or_create`](Self::or_create) it is made.
/// Attributes that the struct does not know stay as they are. Each attribute, document, list element or map entry is
/// changed once at most, and none inside another that is changed.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Document, Table, Write, table};
/// # #[derive(Table, Serialize, Deserialize)]
/// # struct Order { #[partition_key] id: String, status: String, city: String, address: Address, cents: u64, log: Vec<String>, note: Option<String>, opened: u64 }
/// # #[derive(Document, Serialize, Deserialize)] struct Address { city: String }
/// async fn pay(orders: Write<Order>, id: &str) -> Result<Order, table::Error> {
///     orders
///         .update(id)
///         .set(Order::STATUS, "paid")                          // a value
///         .set(Order::CITY, Order::ADDRESS.then(Address::CITY)) // what another attribute has
///         .set_if_absent(Order::OPENED, 1_767_225_600_u64)
///         .add(Order::CENTS, 5_u64)                            // an absent number counts as 0
///         .append(Order::LOG, ["paid"])                        // an absent list counts as empty
///         .remove(Order::NOTE)
///         .only_if(Order::STATUS.eq("open"))
///         .await
/// }
/// ```
#[must_use = "nothing is changed before it is awaited"]
#[derive(Debug)]
pub struct Update<'a, T, R = NewItem> {
    pub(super) table: &'a Handle,
    key: Result<Item, ItemError>,
    changes: Changes,
    condition: Option<Condition<T>>,
    creates: bool,
    version: Option<u64>,
    returns: PhantomData<fn() -> R>,
}

impl<'a, T: Table> Update<'a, T> {
    pub(super) fn new(table: &'a Handle, key: Result<Item, ItemError>) -> Self {
        let (changes, returns) = (Changes::default(), PhantomData);
        Self { table, key, changes, condition: None, creates: false, version: None, returns }
    }
}

impl<'a, T: Table, R> Update<'a, T, R> {
    /// Gives the attribute that value, or what another attribute of the item has. To set it to `None` is to remove it.
    ///
    /// The document, list or map that it is in has to be there. An element behind the end of a list becomes the last one.
    pub fn set<V>(mut self, attribute: impl IntoPath<T, V>, value: impl Operand<T, V>) -> Self {
        let path = attribute.into_path().into_document_path();
        match value.into_term() {
            Term::Value(Ok(None)) => self.changes.push(path, Action::Remove),
            Term::Value(value) => self.changes.push_value(path, value, Action::Assign),
            Term::Path(other) => self.changes.push(path, Action::Compute(other.into_fragment())),
        }
        self
    }

    /// Gives the attribute that value if the item does not have it.
    pub fn set_if_absent<V>(mut self, attribute: impl IntoPath<T, V>, value: impl ValueFor<V>) -> Self {
        let path = attribute.into_path().into_document_path();
        let or_value = |value| Action::Compute(if_not_exists(&path, value));
        self.changes.push_value(path.clone(), to_attribute(&value), or_value);
        self
    }

    /// Adds to a number, whatever it is by then, or to a set; an absent one counts as zero, or as empty.
    pub fn add<V>(mut self, attribute: impl IntoPath<T, V>, amount: impl AddedTo<V>) -> Self {
        let path = attribute.into_path().into_document_path();
        self.changes.push_value(path.clone(), amount.amount(), |amount| added(&path, amount));
        self
    }

    /// Deletes elements of a set; those that it does not have are no error. A set without any is removed.
    pub fn delete<V>(mut self, attribute: impl IntoPath<T, V>, elements: impl SetElements<V>) -> Self {
        let path = attribute.into_path().into_document_path();
        self.changes.push_value(path, elements.elements(), Action::Delete);
        self
    }

    /// Adds elements at the end of a list; an absent one counts as empty.
    pub fn append<L: List, X: ValueFor<L::Element>>(
        mut self,
        attribute: impl IntoPath<T, L>,
        elements: impl IntoIterator<Item = X>,
    ) -> Self {
        let path = attribute.into_path().into_document_path();
        let after = |elements| Action::Compute(list_append(existing_list(&path), Fragment::default().value(elements)));
        self.changes.push_value(path.clone(), list_of(elements), after);
        self
    }

    /// Adds elements at the beginning of a list; an absent one counts as empty.
    pub fn prepend<L: List, X: ValueFor<L::Element>>(
        mut self,
        attribute: impl IntoPath<T, L>,
        elements: impl IntoIterator<Item = X>,
    ) -> Self {
        let path = attribute.into_path().into_document_path();
        let before = |elements| Action::Compute(list_append(Fragment::default().value(elements), existing_list(&path)));
        self.changes.push_value(path.clone(), list_of(elements), before);
        self
    }

    /// Removes the attribute, list element or map entry. The elements behind that of a list move up. An attribute of the
    /// struct has to have a default, or be an `Option`, for the item to be read again.
    pub fn remove<V>(mut self, attribute: impl IntoPath<T, V>) -> Self {
        self.changes.push(attribute.into_path().into_document_path(), Action::Remove);
        self
    }

    /// Only if the condition holds for the item as it is; [`Error::ConditionFailed`] otherwise.
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

    /// Makes the item, of its key and these attributes, if it does not exist.
    pub fn or_create(mut self) -> Self {
        self.creates = true;
        self
    }

    /// Gives the item as it was before the change; none if there was none.
    pub fn returning_old(self) -> Update<'a, T, OldItem>
    where
        R: Returns<T>,
    {
        self.returning()
    }

    /// Gives nothing, so that DynamoDB does not send the item.
    pub fn returning_nothing(self) -> Update<'a, T, Nothing>
    where
        R: Returns<T>,
    {
        self.returning()
    }

    /// As a part of a transaction, which cannot be awaited itself.
    pub(super) fn in_transaction(self) -> Update<'a, T, InTransaction> {
        self.returning()
    }

    fn returning<Q>(self) -> Update<'a, T, Q> {
        let Self { table, key, changes, condition, creates, version, .. } = self;
        Update { table, key, changes, condition, creates, version, returns: PhantomData }
    }

    pub(super) fn expected(&self) -> Expected {
        Expected { exists: !self.creates, version: T::VERSION.zip(self.version) }
    }

    /// The key and the expressions of the request.
    pub(super) fn into_parts(mut self) -> Result<(Item, Expressions), ItemError> {
        let required = (!self.creates).then(T::exists);
        let version = T::VERSION.zip(self.version).map(|(name, version)| has_version(name, version));
        let condition = [required, version, self.condition].into_iter().flatten().reduce(Condition::and);
        if let Some(attribute) = T::VERSION {
            self.changes.push(DocumentPath::of(attribute), Action::Add(AttributeValue::N("1".into())));
        }
        let key = self.key?;
        for (attribute, value) in derived::<T>(&key, &self.changes.known(), self.creates)? {
            self.changes.push(DocumentPath::of(attribute), value.map_or(Action::Remove, Action::Assign));
        }
        let keys: Vec<&str> = [T::PARTITION_KEY].into_iter().chain(T::SORT_KEY).collect();
        let expressions = Expressions::new(self.changes.into_fragment(&keys)?, condition)?;
        Ok((key, expressions))
    }
}

impl<T: Table, R: Returns<T>> Update<'_, T, R> {
    async fn send(self) -> Result<R::Output, Error> {
        let (table, expected) = (self.table, self.expected());
        let (key, expressions) = self.into_parts()?;
        let conditional = expressions.condition.is_some();
        let request = table
            .client
            .update_item()
            .table_name(&table.name)
            .set_key(Some(key))
            .set_update_expression(expressions.update)
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

/// A failed condition comes with the item that it was looked at on; without one there is no item.
fn refusal<R>(error: SdkError<UpdateItemError, R>, expected: Expected) -> Error
where
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(failed)) => expected.failure(failed.item().cloned()),
        _ => Error::of(error),
    }
}

/// `ADD` is for what is not inside another attribute; elsewhere it is documented not to work, and the sum is written out.
fn added(path: &DocumentPath, amount: AttributeValue) -> Action {
    match amount {
        AttributeValue::N(_) if !path.is_top_level() => {
            let zero = AttributeValue::N("0".into());
            Action::Compute(if_not_exists(path, zero).operator(" + ").value(amount))
        }
        amount => Action::Add(amount),
    }
}

fn if_not_exists(path: &DocumentPath, value: AttributeValue) -> Fragment {
    let call = Fragment::default().operator("if_not_exists(").append(path.clone().into_fragment());
    call.text(", ").value(value).text(")")
}

fn existing_list(path: &DocumentPath) -> Fragment {
    if_not_exists(path, AttributeValue::L(Vec::new()))
}

fn list_append(first: Fragment, second: Fragment) -> Fragment {
    Fragment::default().operator("list_append(").append(first).text(", ").append(second).text(")")
}

/// The list of these, or none if there are none.
fn list_of<X: Serialize>(elements: impl IntoIterator<Item = X>) -> Result<Option<AttributeValue>, ItemError> {
    let elements: Vec<X> = elements.into_iter().collect();
    if elements.is_empty() { Ok(None) } else { to_attribute(&elements) }
}

impl<'a, T: Table, R: Returns<T> + 'a> IntoFuture for Update<'a, T, R> {
    type Output = Result<R::Output, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[cfg(test)]
mod tests;
