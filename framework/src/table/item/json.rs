//! Items as they are on the wire: `{"id":{"S":"n-1"},"tags":{"L":[{"S":"new"}]}}`.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, json};

use super::Item;

/// The letters of DynamoDB's types.
#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Type {
    S,
    N,
    B,
    Bool,
    Null,
    M,
    L,
    Ss,
    Ns,
    Bs,
}

/// An item, to be read from the wire.
pub(super) struct WireItem(pub(super) Item);

impl<'de> Deserialize<'de> for WireItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ItemVisitor).map(Self)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from names to attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut item = HashMap::new();
        while let Some((name, WireAttribute(value))) = map.next_entry()? {
            item.insert(name, value);
        }
        Ok(item)
    }
}

struct WireAttribute(AttributeValue);

impl<'de> Deserialize<'de> for WireAttribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AttributeVisitor).map(Self)
    }
}

struct AttributeVisitor;

impl<'de> Visitor<'de> for AttributeVisitor {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute such as {\"S\":\"text\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AttributeValue, A::Error> {
        let Some(kind) = map.next_key()? else { return Err(Error::invalid_length(0, &self)) };
        let value = match kind {
            Type::S => AttributeValue::S(map.next_value()?),
            Type::N => AttributeValue::N(map.next_value()?),
            Type::B => AttributeValue::B(map.next_value::<WireBlob>()?.0),
            Type::Bool => AttributeValue::Bool(map.next_value()?),
            Type::Null => AttributeValue::Null(map.next_value()?),
            Type::M => AttributeValue::M(map.next_value::<WireItem>()?.0),
            Type::L => AttributeValue::L(list(map.next_value()?, |WireAttribute(value)| value)),
            Type::Ss => AttributeValue::Ss(map.next_value()?),
            Type::Ns => AttributeValue::Ns(map.next_value()?),
            Type::Bs => AttributeValue::Bs(list(map.next_value()?, |WireBlob(blob)| blob)),
        };
        match map.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(Error::custom("an attribute has one type")),
        }
    }
}

fn list<W, T>(wire: Vec<W>, unwrap: fn(W) -> T) -> Vec<T> {
    wire.into_iter().map(unwrap).collect()
}

struct WireBlob(Blob);

impl<'de> Deserialize<'de> for WireBlob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text).map(|bytes| Self(Blob::new(bytes))).map_err(Error::custom)
    }
}

/// The item as JSON, sorted by name, so that equal items have equal texts.
pub(super) fn value_of(item: &Item) -> Value {
    let sorted: BTreeMap<_, _> = item.iter().collect();
    sorted.into_iter().map(|(name, attribute)| (name.clone(), attribute_of(attribute))).collect()
}

fn attribute_of(attribute: &AttributeValue) -> Value {
    let base64 = |blob: &Blob| BASE64.encode(blob);
    match attribute {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::B(blob) => json!({ "B": base64(blob) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::M(item) => json!({ "M": value_of(item) }),
        AttributeValue::L(items) => json!({ "L": items.iter().map(attribute_of).collect::<Vec<_>>() }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(texts) => json!({ "NS": texts }),
        AttributeValue::Bs(blobs) => json!({ "BS": blobs.iter().map(base64).collect::<Vec<_>>() }),
        _ => json!({ "NULL": true }),
    }
}
