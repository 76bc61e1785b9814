//! What can be inside an attribute: documents, lists and maps.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::Hash,
};

use serde::Serialize;

/// A struct that is the value of an attribute, so that its fields have document paths. `#[derive(Document)]` implements it.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use skyloom::{Document, Table, Write, table};
///
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Order {
///     #[partition_key]
///     pub id: String,
///     pub address: Option<Address>,
/// }
///
/// #[derive(Document, Serialize, Deserialize)]
/// pub struct Address {
///     pub city: String,
///     pub lines: Vec<String>,
/// }
///
/// async fn move_out(orders: Write<Order>, id: &str) -> Result<Order, table::Error> {
///     let city = || Order::ADDRESS.then(Address::CITY);
///     orders
///         .update(id)
///         .set(city(), "Oslo")
///         .remove(Order::ADDRESS.then(Address::LINES).at(2))
///         .only_if(city().begins_with("Ber"))
///         .await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a document",
    note = "write `#[derive(Document, Serialize, Deserialize)]` on it"
)]
pub trait Document: Serialize {}

/// The type of an attribute whose value is the document `D`: `D` itself, a `Box` of it, or an `Option`.
#[diagnostic::on_unimplemented(
    message = "an attribute of the type `{Self}` holds no `{D}`",
    label = "`{D}` is not what this attribute is",
    note = "the argument is an attribute of the document that the path has led to: `Order::ADDRESS.then(Address::CITY)`"
)]
pub trait Holds<D> {}

impl<D> Holds<D> for D {}
impl<D> Holds<D> for Option<D> {}
impl<D> Holds<D> for Box<D> {}
impl<D> Holds<D> for Option<Box<D>> {}

/// The type of an attribute that is a list.
#[diagnostic::on_unimplemented(
    message = "an attribute of the type `{Self}` is not a list",
    note = "`Vec`, `VecDeque`, arrays, and an `Option` of one, are lists"
)]
pub trait List {
    /// What it has.
    type Element;
}

impl<E> List for Vec<E> {
    type Element = E;
}

impl<E> List for VecDeque<E> {
    type Element = E;
}

impl<E, const N: usize> List for [E; N] {
    type Element = E;
}

impl<L: List> List for Option<L> {
    type Element = L::Element;
}

/// The type of an attribute that is a map from keys that are known at run time.
#[diagnostic::on_unimplemented(
    message = "an attribute of the type `{Self}` is not a map",
    note = "`HashMap`, `BTreeMap`, and an `Option` of one, are maps; the fields of a struct are `.then(Struct::FIELD)`"
)]
pub trait Map {
    /// What an entry is found by.
    type Key: Serialize;
    /// What it holds.
    type Value;
}

impl<K: Serialize + Eq + Hash, V, S> Map for HashMap<K, V, S> {
    type Key = K;
    type Value = V;
}

impl<K: Serialize + Ord, V> Map for BTreeMap<K, V> {
    type Key = K;
    type Value = V;
}

impl<M: Map> Map for Option<M> {
    type Key = M::Key;
    type Value = M::Value;
}
