use std::{collections::HashMap, fmt::Display};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, Serializer};

use super::{
    NUMBER, SET,
    error::ItemError,
    number,
    serialize_compound::{FieldsSerializer, ListSerializer, MapSerializer, VariantSerializer},
    set,
};

/// Makes the attribute of a value. It is `None` for `None`, so that whoever holds the value leaves it out or has a null.
pub(super) struct ValueSerializer;

type Attribute = Option<AttributeValue>;

/// A variant with data: a map of one entry.
pub(super) fn in_variant(variant: &str, value: AttributeValue) -> AttributeValue {
    AttributeValue::M(HashMap::from([(variant.to_owned(), value)]))
}

/// The attribute where one has to be.
pub(super) fn or_null(attribute: Attribute) -> AttributeValue {
    attribute.unwrap_or(AttributeValue::Null(true))
}

macro_rules! integers {
    ($($method:ident $type:ty),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<Attribute, ItemError> {
            Ok(Some(number::integer(value)))
        }
    )*};
}

impl Serializer for ValueSerializer {
    type Ok = Attribute;
    type Error = ItemError;
    type SerializeSeq = ListSerializer;
    type SerializeTuple = ListSerializer;
    type SerializeTupleStruct = ListSerializer;
    type SerializeTupleVariant = ListSerializer;
    type SerializeMap = MapSerializer;
    type SerializeStruct = FieldsSerializer;
    type SerializeStructVariant = VariantSerializer;

    integers! {
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
    }

    fn serialize_u128(self, value: u128) -> Result<Attribute, ItemError> {
        number::wide_integer(value).map(Some)
    }

    fn serialize_i128(self, value: i128) -> Result<Attribute, ItemError> {
        number::wide_integer(value).map(Some)
    }

    fn serialize_f32(self, value: f32) -> Result<Attribute, ItemError> {
        number::float(value).map(Some)
    }

    fn serialize_f64(self, value: f64) -> Result<Attribute, ItemError> {
        number::float(value).map(Some)
    }

    fn serialize_bool(self, value: bool) -> Result<Attribute, ItemError> {
        Ok(Some(AttributeValue::Bool(value)))
    }

    fn serialize_char(self, value: char) -> Result<Attribute, ItemError> {
        self.collect_str(&value)
    }

    fn serialize_str(self, value: &str) -> Result<Attribute, ItemError> {
        Ok(Some(AttributeValue::S(value.to_owned())))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Attribute, ItemError> {
        Ok(Some(AttributeValue::S(value.to_string())))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Attribute, ItemError> {
        Ok(Some(AttributeValue::B(Blob::new(value))))
    }

    fn serialize_none(self) -> Result<Attribute, ItemError> {
        Ok(None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Attribute, ItemError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Attribute, ItemError> {
        Ok(Some(AttributeValue::Null(true)))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Attribute, ItemError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Attribute, ItemError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Attribute, ItemError> {
        let value = value.serialize(self)?;
        match name {
            SET => value.map_or(Ok(None), set::of_list),
            NUMBER => Ok(value.map(number::of_text)),
            _ => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Attribute, ItemError> {
        let value = value.serialize(self).map_err(|error| error.in_field(variant))?;
        Ok(Some(in_variant(variant, or_null(value))))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ListSerializer, ItemError> {
        Ok(ListSerializer::new(length, None))
    }

    fn serialize_tuple(self, length: usize) -> Result<ListSerializer, ItemError> {
        Ok(ListSerializer::new(Some(length), None))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<ListSerializer, ItemError> {
        Ok(ListSerializer::new(Some(length), None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<ListSerializer, ItemError> {
        Ok(ListSerializer::new(Some(length), Some(variant)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<MapSerializer, ItemError> {
        Ok(MapSerializer::new(length))
    }

    fn serialize_struct(self, _: &'static str, fields: usize) -> Result<FieldsSerializer, ItemError> {
        Ok(FieldsSerializer::new(fields))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        fields: usize,
    ) -> Result<VariantSerializer, ItemError> {
        Ok(VariantSerializer { variant, fields: FieldsSerializer::new(fields) })
    }
}
