use std::fmt;

use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use super::super::{
    Item,
    batch::incomplete,
    condition::Condition,
    definition::Table,
    delete,
    expression::{Expressions, Fragment},
    handle::Handle,
    item::ItemError,
    item_name::ItemName,
    item_size::size_of_item,
    put,
    return_values::InTransaction,
    update,
};

/// A part of a transaction, of any table. [`TransactTable`](super::TransactTable) makes parts: `orders.put(&order).into()`.
#[derive(Debug)]
pub struct Part(pub(super) Result<Prepared, ItemError>);

/// A part that can be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) action: PartAction,
    pub(super) item: ItemName,
    /// As DynamoDB counts them; of what is not the whole item, the key and the values.
    pub(super) bytes: usize,
    pub(super) request: TransactWriteItem,
}

/// What a part of a transaction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartAction {
    /// It stores an item.
    Put,
    /// It changes attributes of an item.
    Update,
    /// It deletes an item.
    Delete,
    /// It looks whether a condition holds.
    Check,
    /// It reads an item.
    Get,
}

impl fmt::Display for PartAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Put => "put",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Check => "check",
            Self::Get => "get",
        })
    }
}

/// A failed condition says what the item was.
const OLD_ITEM: ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure::AllOld;

impl<T: Table> From<put::Put<'_, T, InTransaction>> for Part {
    fn from(put: put::Put<'_, T, InTransaction>) -> Self {
        Self(put_item(put))
    }
}

fn put_item<T: Table>(put: put::Put<'_, T, InTransaction>) -> Result<Prepared, ItemError> {
    let table = put.table;
    let (item, Expressions { condition, names, values, .. }, _) = put.into_parts()?;
    let (name, bytes) = (ItemName::of::<T>(&item), size_of_item(&item));
    let request = Put::builder()
        .table_name(&table.name)
        .set_item(Some(item))
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(OLD_ITEM)
        .build();
    let request = TransactWriteItem::builder().put(request.map_err(incomplete)?).build();
    Ok(Prepared { action: PartAction::Put, item: name, bytes, request })
}

impl<T: Table> From<update::Update<'_, T, InTransaction>> for Part {
    fn from(update: update::Update<'_, T, InTransaction>) -> Self {
        Self(update_item(update))
    }
}

fn update_item<T: Table>(update: update::Update<'_, T, InTransaction>) -> Result<Prepared, ItemError> {
    let table = update.table;
    let (key, Expressions { update, condition, names, values }) = update.into_parts()?;
    let (name, bytes) = (ItemName::of::<T>(&key), size_of_item(&key) + values.as_ref().map_or(0, size_of_item));
    let request = Update::builder()
        .table_name(&table.name)
        .set_key(Some(key))
        .set_update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(OLD_ITEM)
        .build();
    let request = TransactWriteItem::builder().update(request.map_err(incomplete)?).build();
    Ok(Prepared { action: PartAction::Update, item: name, bytes, request })
}

impl<T: Table> From<delete::Delete<'_, T, InTransaction>> for Part {
    fn from(delete: delete::Delete<'_, T, InTransaction>) -> Self {
        Self(delete_item(delete))
    }
}

fn delete_item<T: Table>(delete: delete::Delete<'_, T, InTransaction>) -> Result<Prepared, ItemError> {
    let table = delete.table;
    let (key, Expressions { condition, names, values, .. }) = delete.into_parts()?;
    let (name, bytes) = (ItemName::of::<T>(&key), size_of_item(&key));
    let request = Delete::builder()
        .table_name(&table.name)
        .set_key(Some(key))
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(OLD_ITEM)
        .build();
    let request = TransactWriteItem::builder().delete(request.map_err(incomplete)?).build();
    Ok(Prepared { action: PartAction::Delete, item: name, bytes, request })
}

impl Part {
    /// The transaction happens only if the condition holds for the item with that key.
    pub(super) fn check<T: Table>(table: &Handle, key: Result<Item, ItemError>, condition: Condition<T>) -> Self {
        Self(check_item(table, key, condition))
    }
}

fn check_item<T: Table>(
    table: &Handle,
    key: Result<Item, ItemError>,
    condition: Condition<T>,
) -> Result<Prepared, ItemError> {
    let key = key?;
    let Expressions { condition, names, values, .. } = Expressions::new(Fragment::default(), Some(condition))?;
    let (name, bytes) = (ItemName::of::<T>(&key), size_of_item(&key));
    let request = ConditionCheck::builder()
        .table_name(&table.name)
        .set_key(Some(key))
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .return_values_on_condition_check_failure(OLD_ITEM)
        .build();
    let request = TransactWriteItem::builder().condition_check(request.map_err(incomplete)?).build();
    Ok(Prepared { action: PartAction::Check, item: name, bytes, request })
}
