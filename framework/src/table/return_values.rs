//! What a write gives back, as a type.

use aws_sdk_dynamodb::types::ReturnValue;

use super::{definition::FromItem, item::Item, item::ItemError};

/// The item as it is after an update.
#[derive(Clone, Copy, Debug)]
pub struct NewItem;

/// The item as it was before, if there was one.
#[derive(Clone, Copy, Debug)]
pub struct OldItem;

/// Nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

/// What a write of an item of the table `T` gives back: [`NewItem`], [`OldItem`] or [`Nothing`].
#[diagnostic::on_unimplemented(
    message = "a part of a transaction is not done by itself",
    label = "it gives nothing",
    note = "give all parts to `Transact::write`, and await that: `tx.write([orders.put(&order).into()]).await`"
)]
pub trait Returns<T> {
    /// The type of it.
    type Output;
    /// How DynamoDB is asked for it.
    #[doc(hidden)]
    fn return_values() -> Option<ReturnValue>;
    /// What it is, of the answer's attributes.
    #[doc(hidden)]
    fn read(attributes: Option<Item>) -> Result<Self::Output, ItemError>;
}

impl<T: FromItem> Returns<T> for NewItem {
    type Output = T;

    fn return_values() -> Option<ReturnValue> {
        Some(ReturnValue::AllNew)
    }

    fn read(attributes: Option<Item>) -> Result<T, ItemError> {
        T::from_item(attributes.unwrap_or_default())
    }
}

impl<T: FromItem> Returns<T> for OldItem {
    type Output = Option<T>;

    fn return_values() -> Option<ReturnValue> {
        Some(ReturnValue::AllOld)
    }

    fn read(attributes: Option<Item>) -> Result<Option<T>, ItemError> {
        attributes.filter(|item| !item.is_empty()).map(T::from_item).transpose()
    }
}

impl<T> Returns<T> for Nothing {
    type Output = ();

    fn return_values() -> Option<ReturnValue> {
        None
    }

    fn read(_: Option<Item>) -> Result<(), ItemError> {
        Ok(())
    }
}

/// It is a part of a transaction, which gives nothing.
#[derive(Debug)]
pub enum InTransaction {}
