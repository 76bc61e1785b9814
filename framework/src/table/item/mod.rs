//! Items from values and values from items, through serde and without a tree of values between the two.
//!
//! Structs and maps are `M`, lists and tuples `L`, strings, characters and unit variants `S`, numbers `N`, bytes `B`. Other
//! variants are a map of one entry, as in JSON. A field that is `None` is an absent attribute, because an index leaves out
//! the items that lack its key and refuses those that have a null there. An `Option` in an `Option` is one: `Some(None)` is read
//! as `None`, as in JSON.
//!
//! Bytes are `bytes::Bytes`, or what `serde_bytes` marks; serde takes a `Vec<u8>` for a list of numbers, and so it is stored.
//! A set is a [`Set`](super::Set), a decimal a [`Number`](super::Number); the standard library's sets are lists.

mod deserialize;
mod deserialize_enum;
mod error;
mod json;
mod map_key;
mod number;
mod serialize;
mod serialize_compound;
mod set;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use self::{deserialize::ValueDeserializer, json::WireItem, serialize::ValueSerializer};

pub use self::error::ItemError;
pub(super) use self::error::Kind;
use super::definition::FromItem;

/// The name by which a set makes itself known to the serializer, as a newtype around its elements.
pub(super) const SET: &str = "$skyloom::Set";
/// The name by which a number makes itself known, as a newtype around its text.
pub(super) const NUMBER: &str = "$skyloom::Number";

/// The attributes of an item by name, as `aws-sdk-dynamodb` has them.
pub type Item = HashMap<String, AttributeValue>;

/// The item of a value, for use with the raw client.
///
/// ```
/// # use aws_sdk_dynamodb::types::AttributeValue;
/// #[derive(serde::Serialize)]
/// struct Note { id: String, stars: u8, title: Option<String> }
///
/// let item = skyloom::table::to_item(&Note { id: "n-1".into(), stars: 5, title: None })?;
/// assert_eq!(item["stars"], AttributeValue::N("5".into()));
/// assert!(!item.contains_key("title"));
/// # Ok::<_, skyloom::table::ItemError>(())
/// ```
pub fn to_item<T: Serialize + ?Sized>(value: &T) -> Result<Item, ItemError> {
    match value.serialize(ValueSerializer)? {
        Some(AttributeValue::M(item)) => Ok(item),
        _ => Err(ItemError::new("an item is a struct or a map, and this is neither")),
    }
}

/// The value of an item. Attributes that the type does not know are ignored.
pub fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, ItemError> {
    T::deserialize(ValueDeserializer(AttributeValue::M(item)))
}

/// The attribute of a value; `None` has none.
pub(crate) fn to_attribute<T: Serialize + ?Sized>(value: &T) -> Result<Option<AttributeValue>, ItemError> {
    value.serialize(ValueSerializer)
}

/// The key of a map's entry as it is stored.
pub(super) fn to_map_key<K: Serialize + ?Sized>(key: &K) -> Result<String, ItemError> {
    key.serialize(map_key::KeySerializer)
}

/// The value of an attribute. An absent one is what `None` is written as.
pub(super) fn from_attribute<T: DeserializeOwned>(value: Option<AttributeValue>) -> Result<T, ItemError> {
    match value {
        Some(value) => T::deserialize(ValueDeserializer(value)),
        None => T::deserialize(ValueDeserializer(AttributeValue::Null(true)))
            .map_err(|_| ItemError::new("the item has no such attribute")),
    }
}

/// The value of an item as it is on the wire and in the records of a stream: `{"id":{"S":"n-1"}}`.
pub(crate) fn item_from_json<T: FromItem>(json: &RawValue) -> Result<T, ItemError> {
    T::from_item(parse_json(json.get())?)
}

/// Reads an item as it is on the wire.
pub(crate) fn parse_json(json: &str) -> Result<Item, ItemError> {
    serde_json::from_str::<WireItem>(json).map(|WireItem(item)| item).map_err(|error| ItemError::new(error.to_string()))
}

/// Writes an item as it is on the wire, its attributes in the order of their names.
pub(crate) fn to_json(item: &Item) -> String {
    json::value_of(item).to_string()
}
