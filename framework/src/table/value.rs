//! Which types may stand for an attribute's value in a condition or an update.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use super::{Set, number};

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

/// A number that can be added to an attribute of the type `V`: whole numbers to whole numbers, any to floats.
#[diagnostic::on_unimplemented(message = "a `{Self}` cannot be added to an attribute of the type `{V}`")]
pub trait AddedTo<V>: Serialize {}

#[diagnostic::on_unimplemented(message = "`{Self}` is not a whole number of up to 64 bits")]
trait Whole: Serialize {}
trait Number: Serialize {}
trait Exact: Serialize {}

macro_rules! numbers {
    ($(impl $trait:ident for $($type:ty)*;)*) => {$($(impl $trait for $type {})*)*};
}

numbers! {
    impl Whole for u8 u16 u32 u64 i8 i16 i32 i64;
    impl Exact for u8 u16 u32 u64 i8 i16 i32 i64 u128 i128 number::Number;
    impl Number for u8 u16 u32 u64 i8 i16 i32 i64 f32 f64;
}

impl<N: Whole, V: Whole> AddedTo<V> for N {}
impl<N: Number> AddedTo<f32> for N {}
impl<N: Number> AddedTo<f64> for N {}
impl<N: Exact> AddedTo<number::Number> for N {}
impl<N: AddedTo<V>, V> AddedTo<Option<V>> for N {}
