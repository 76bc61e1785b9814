use std::collections::hash_map;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Unexpected, Visitor},
};

use super::{Item, NUMBER, deserialize_enum::VariantName, error::ItemError, map_key::KeyDeserializer, number};

/// Reads a value from an attribute, which it consumes.
pub(super) struct ValueDeserializer(pub(super) AttributeValue);

macro_rules! numbers {
    ($($method:ident $visit:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ItemError> {
            match self.0 {
                AttributeValue::N(text) => visitor.$visit(number::parse(&text)?),
                _ => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer {
    type Error = ItemError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ItemError> {
        match self.0 {
            AttributeValue::S(text) => visitor.visit_string(text),
            AttributeValue::N(text) => number::visit_any(&text, visitor),
            AttributeValue::Bool(value) => visitor.visit_bool(value),
            AttributeValue::Null(_) => visitor.visit_unit(),
            AttributeValue::B(bytes) => visitor.visit_byte_buf(bytes.into_inner()),
            AttributeValue::M(item) => visitor.visit_map(Entries::new(item)),
            AttributeValue::L(items) => visit_list(items.into_iter(), visitor),
            AttributeValue::Ss(texts) => visit_list(texts.into_iter().map(AttributeValue::S), visitor),
            AttributeValue::Ns(texts) => visit_list(texts.into_iter().map(AttributeValue::N), visitor),
            AttributeValue::Bs(blobs) => visit_list(blobs.into_iter().map(AttributeValue::B), visitor),
            _ => Err(ItemError::new("the attribute is of a type that this version does not know")),
        }
    }

    numbers! {
        deserialize_u8 visit_u8, deserialize_u16 visit_u16, deserialize_u32 visit_u32, deserialize_u64 visit_u64,
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32, deserialize_i64 visit_i64,
        deserialize_u128 visit_u128, deserialize_i128 visit_i128,
        deserialize_f32 visit_f32, deserialize_f64 visit_f64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ItemError> {
        match self.0 {
            AttributeValue::Null(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ItemError> {
        match self.0 {
            AttributeValue::N(text) if name == NUMBER => visitor.visit_str(&text),
            AttributeValue::S(text) if name == NUMBER => Err(ItemError::invalid_type(Unexpected::Str(&text), &visitor)),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ItemError> {
        visitor.visit_enum(VariantName::of(self.0)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ItemError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// Gives a list to a visitor; one that leaves elements over wanted a shorter list.
pub(super) fn visit_list<'de, V: Visitor<'de>>(
    items: impl ExactSizeIterator<Item = AttributeValue>,
    visitor: V,
) -> Result<V::Value, ItemError> {
    let length = items.len();
    let mut elements = Elements { items, next: 0 };
    let value = visitor.visit_seq(&mut elements)?;
    if elements.items.len() > 0 {
        return Err(ItemError::invalid_length(length, &format!("a list of {}", elements.next).as_str()));
    }
    Ok(value)
}

struct Elements<I> {
    items: I,
    next: usize,
}

impl<'de, I: ExactSizeIterator<Item = AttributeValue>> SeqAccess<'de> for Elements<I> {
    type Error = ItemError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ItemError> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(ValueDeserializer(item)).map(Some).map_err(|error| error.at_index(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a map, or the attributes of an item.
pub(super) struct Entries {
    entries: hash_map::IntoIter<String, AttributeValue>,
    current: Option<(String, AttributeValue)>,
}

impl Entries {
    pub(super) fn new(item: Item) -> Self {
        Self { entries: item.into_iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = ItemError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ItemError> {
        self.current = self.entries.next();
        let Some((name, _)) = &self.current else { return Ok(None) };
        seed.deserialize(KeyDeserializer(name)).map(Some).map_err(|error| error.in_field(name))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, ItemError> {
        let (name, value) =
            self.current.take().ok_or_else(|| ItemError::new("a value was asked for before its key"))?;
        seed.deserialize(ValueDeserializer(value)).map_err(|error| error.in_field(&name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}
