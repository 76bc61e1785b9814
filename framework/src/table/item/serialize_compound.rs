use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
        SerializeTupleVariant,
    },
};

use super::{
    error::ItemError,
    map_key::KeySerializer,
    serialize::{ValueSerializer, in_variant, or_null},
};

/// Lengths are the word of a `Serialize` that users wrote: a wrong one must not allocate without bound.
const TRUSTED_LENGTH: usize = 1024;

/// Makes a list, or a variant that holds one.
pub(super) struct ListSerializer {
    items: Vec<AttributeValue>,
    variant: Option<&'static str>,
}

impl ListSerializer {
    pub(super) fn new(length: Option<usize>, variant: Option<&'static str>) -> Self {
        Self { items: Vec::with_capacity(length.unwrap_or(0).min(TRUSTED_LENGTH)), variant }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ItemError> {
        let value = value.serialize(ValueSerializer).map_err(|error| self.locate(error))?;
        self.items.push(or_null(value));
        Ok(())
    }

    fn locate(&self, error: ItemError) -> ItemError {
        let error = error.at_index(self.items.len());
        self.variant.into_iter().fold(error, ItemError::in_field)
    }

    fn finish(self) -> Option<AttributeValue> {
        let list = AttributeValue::L(self.items);
        Some(match self.variant {
            Some(variant) => in_variant(variant, list),
            None => list,
        })
    }
}

macro_rules! list {
    ($($trait:ident $method:ident),* $(,)?) => {$(
        impl $trait for ListSerializer {
            type Ok = Option<AttributeValue>;
            type Error = ItemError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ItemError> {
                self.push(value)
            }

            fn end(self) -> Result<Self::Ok, ItemError> {
                Ok(self.finish())
            }
        }
    )*};
}

list! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

/// Makes a map of the fields of a struct, without those that are `None`.
pub(super) struct FieldsSerializer {
    entries: HashMap<String, AttributeValue>,
}

impl FieldsSerializer {
    pub(super) fn new(length: usize) -> Self {
        Self { entries: HashMap::with_capacity(length.min(TRUSTED_LENGTH)) }
    }
}

impl SerializeStruct for FieldsSerializer {
    type Ok = Option<AttributeValue>;
    type Error = ItemError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ItemError> {
        match value.serialize(ValueSerializer) {
            Ok(Some(value)) => {
                self.entries.insert(name.to_owned(), value);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error.in_field(name)),
        }
    }

    fn end(self) -> Result<Self::Ok, ItemError> {
        Ok(Some(AttributeValue::M(self.entries)))
    }
}

/// Makes a variant that has fields.
pub(super) struct VariantSerializer {
    pub(super) variant: &'static str,
    pub(super) fields: FieldsSerializer,
}

impl SerializeStructVariant for VariantSerializer {
    type Ok = Option<AttributeValue>;
    type Error = ItemError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ItemError> {
        self.fields.serialize_field(name, value).map_err(|error| error.in_field(self.variant))
    }

    fn end(self) -> Result<Self::Ok, ItemError> {
        Ok(Some(in_variant(self.variant, AttributeValue::M(self.fields.entries))))
    }
}

/// Makes a map.
pub(super) struct MapSerializer {
    entries: HashMap<String, AttributeValue>,
    /// The key whose value comes next.
    key: String,
    /// Whether an entry of `None` is a null; otherwise it is left out.
    keeps_none: bool,
}

impl MapSerializer {
    /// Without a length it is a struct that has `#[serde(flatten)]`, which serde writes that way.
    pub(super) fn new(length: Option<usize>) -> Self {
        let entries = HashMap::with_capacity(length.unwrap_or(0).min(TRUSTED_LENGTH));
        Self { entries, key: String::new(), keeps_none: length.is_some() }
    }
}

impl SerializeMap for MapSerializer {
    type Ok = Option<AttributeValue>;
    type Error = ItemError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ItemError> {
        self.key = key.serialize(KeySerializer)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ItemError> {
        let key = std::mem::take(&mut self.key);
        let value = value.serialize(ValueSerializer).map_err(|error| error.in_field(&key))?;
        if value.is_some() || self.keeps_none {
            self.entries.insert(key, or_null(value));
        }
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, ItemError> {
        Ok(Some(AttributeValue::M(self.entries)))
    }
}
