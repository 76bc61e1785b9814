//! Which types may stand for an attribute's value in a condition or an update.

use std::collections::{BTreeSet, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use super::{
    Set,
    item::{ItemError, to_attribute},
    number,
};

/// What may stand for a value of the type `V`: `V` itself, `&V`, `&str` for a `String`, and the inside of an `Option`.
#[diagnostic::on_unimplemented(message = "the attribute is of the type `{V}`, and `{Self}` is not")]
pub trait ValueFor<V>: Serialize {}

impl<V: Serialize> ValueFor<V> for V {}
impl<V: Serialize> ValueFor<V> for &V {}
impl ValueFor<String> for &str {}
impl<V: Serialize> ValueFor<Option<V>> for V {}
impl<V: Serialize> ValueFor<Option<V>> for &V {}
impl ValueFor<Option<String>> for &str {}

/// An attribute that is a string. Implement it for a type of your own that is stored as one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not stored as a string",
    note = "a type of your own that is stored as a string says so by `impl skyloom::table::Text for MyType {{}}`"
)]
pub trait Text {}

impl Text for String {}
impl<V: Text> Text for Option<V> {}

/// What an attribute of the type `C` can contain: a string a string, a list or a set an element.
#[diagnostic::on_unimplemented(message = "an attribute of the type `{C}` does not contain a `{Self}`")]
pub trait ElementOf<C>: Serialize {}

impl<C: Text> ElementOf<C> for &str {}
impl<C: Text> ElementOf<C> for &String {}
impl<C: Text> ElementOf<C> for String {}

macro_rules! collections {
    ($($collection:ident)*) => {$(
        impl<E: ValueFor<V>, V> ElementOf<$collection<V>> for E {}
        impl<E: ValueFor<V>, V> ElementOf<Option<$collection<V>>> for E {}
    )*};
}

collections! { Vec HashSet BTreeSet Set }

/// What can be added to an attribute of the type `V`: whole numbers to whole numbers, any to floats, elements to sets.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be added to an attribute of the type `{V}`",
    note = "`add` is for numbers and for attributes that are stored as sets; `append` and `prepend` are for lists"
)]
pub trait AddedTo<V> {
    /// What `ADD` takes; none if there is nothing to add.
    #[doc(hidden)]
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError>;
}

/// A whole number. Implement it for a type of your own that is stored as one, so that it can be added to.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Table, Write, table};
/// #[derive(Serialize, Deserialize)]
/// pub struct Cents(u64);
///
/// impl table::WholeNumber for Cents {}
///
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Account {
///     #[partition_key]
///     pub id: String,
///     pub balance: Cents,
/// }
///
/// async fn pay_in(accounts: Write<Account>, id: &str, amount: Cents) -> Result<Account, table::Error> {
///     accounts.update(id).add(Account::BALANCE, amount).await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a whole number of up to 64 bits",
    note = "a type of your own that is stored as one says so by `impl skyloom::table::WholeNumber for MyType {{}}`"
)]
pub trait WholeNumber: Serialize {}
trait Number: Serialize {}
trait Exact: Serialize {}

macro_rules! numbers {
    ($(impl $trait:ident for $($type:ty)*;)*) => {$($(impl $trait for $type {})*)*};
}

numbers! {
    impl WholeNumber for u8 u16 u32 u64 i8 i16 i32 i64;
    impl Exact for u8 u16 u32 u64 i8 i16 i32 i64 u128 i128 number::Number;
    impl Number for u8 u16 u32 u64 i8 i16 i32 i64 f32 f64;
}

impl<N: WholeNumber, V: WholeNumber> AddedTo<V> for N {
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
        to_attribute(self)
    }
}

impl<N: Number> AddedTo<f32> for N {
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
        to_attribute(self)
    }
}

impl<N: Number> AddedTo<f64> for N {
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
        to_attribute(self)
    }
}

impl<N: Exact> AddedTo<number::Number> for N {
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
        to_attribute(self)
    }
}

impl<N: AddedTo<V>, V> AddedTo<Option<V>> for N {
    fn amount(&self) -> Result<Option<AttributeValue>, ItemError> {
        AddedTo::<V>::amount(self)
    }
}
