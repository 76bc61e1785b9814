use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, Error, Unexpected, VariantAccess, Visitor},
};

use super::{
    deserialize::{Entries, ValueDeserializer, visit_list},
    error::ItemError,
    map_key::KeyDeserializer,
};

/// A variant: its name alone, or a map of one entry from its name to its data.
pub(super) struct VariantName {
    name: String,
    data: Option<AttributeValue>,
}

impl VariantName {
    pub(super) fn of(attribute: AttributeValue) -> Result<Self, ItemError> {
        match attribute {
            AttributeValue::S(name) => Ok(Self { name, data: None }),
            AttributeValue::M(item) if item.len() == 1 => {
                let entry = item.into_iter().next();
                entry.map(|(name, data)| Self { name, data: Some(data) }).ok_or_else(no_variant)
            }
            _ => Err(no_variant()),
        }
    }
}

fn no_variant() -> ItemError {
    ItemError::new("a variant is a string, or a map with the variant's name as its only key")
}

impl<'de> EnumAccess<'de> for VariantName {
    type Error = ItemError;
    type Variant = VariantData;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, VariantData), ItemError> {
        let variant = seed.deserialize(KeyDeserializer(&self.name))?;
        Ok((variant, VariantData { name: self.name, data: self.data }))
    }
}

pub(super) struct VariantData {
    name: String,
    data: Option<AttributeValue>,
}

impl VariantData {
    fn expect<T>(self, what: &str, read: impl FnOnce(AttributeValue) -> Result<T, ItemError>) -> Result<T, ItemError> {
        let Some(data) = self.data else {
            return Err(ItemError::invalid_type(Unexpected::UnitVariant, &what).in_field(&self.name));
        };
        read(data).map_err(|error| error.in_field(&self.name))
    }
}

impl<'de> VariantAccess<'de> for VariantData {
    type Error = ItemError;

    fn unit_variant(self) -> Result<(), ItemError> {
        match self.data {
            None | Some(AttributeValue::Null(_)) => Ok(()),
            Some(_) => {
                let error = ItemError::invalid_type(Unexpected::NewtypeVariant, &"a variant without fields");
                Err(error.in_field(&self.name))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ItemError> {
        self.expect("a variant with a value", |data| seed.deserialize(ValueDeserializer(data)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ItemError> {
        self.expect("a variant with a list", |data| match data {
            AttributeValue::L(items) => visit_list(items.into_iter(), visitor),
            other => ValueDeserializer(other).deserialize_any(visitor),
        })
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ItemError> {
        self.expect("a variant with fields", |data| match data {
            AttributeValue::M(item) => visitor.visit_map(Entries::new(item)),
            other => ValueDeserializer(other).deserialize_any(visitor),
        })
    }
}
