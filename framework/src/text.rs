//! Values of a type from plain text: path parameters, headers and claims.
//!
//! All of them are strings on the wire; a field says what it wants them to be, and numbers and booleans are parsed then.

use std::{borrow::Cow, fmt};

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor,
    value::{MapDeserializer, SeqDeserializer},
};

/// Named texts, in order.
pub(crate) type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Reads a map or a struct whose fields are the texts of that name.
pub(crate) fn from_pairs<'de, T: de::Deserialize<'de>>(pairs: Pairs<'de>) -> Result<T, TextError> {
    T::deserialize(MapDeserializer::new(Values(pairs).map()))
}

/// Reads a single value, or a tuple, from texts in order.
pub(crate) fn from_values<'de, T: de::Deserialize<'de>>(values: Pairs<'de>) -> Result<T, TextError> {
    T::deserialize(Values(values))
}

/// Why a text is not what its field wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TextError(String);

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TextError {}

impl de::Error for TextError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// One text, with the name that an error should have.
#[derive(Clone)]
struct Text<'de> {
    name: Option<Cow<'de, str>>,
    text: Cow<'de, str>,
}

impl<'de> Text<'de> {
    fn named(name: Cow<'de, str>, text: Cow<'de, str>) -> Self {
        Self { name: Some(name), text }
    }

    fn error(&self, message: impl fmt::Display) -> TextError {
        match &self.name {
            Some(name) => TextError(format!("`{name}`: {message}")),
            None => TextError(message.to_string()),
        }
    }

    fn parse<T: std::str::FromStr>(&self, what: &str) -> Result<T, TextError> {
        self.text.parse().map_err(|_| self.error(format_args!("`{}` is not {what}", self.text)))
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $what:literal),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
            visitor.$visit(self.parse($what)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = TextError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        let named = Text { name: self.name.clone(), text: Cow::Borrowed("") };
        let result = match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        };
        result.map_err(|error: TextError| named.error(error))
    }

    parsed! {
        deserialize_bool visit_bool "`true` or `false`",
        deserialize_i8 visit_i8 "a whole number of 8 bits",
        deserialize_i16 visit_i16 "a whole number of 16 bits",
        deserialize_i32 visit_i32 "a whole number of 32 bits",
        deserialize_i64 visit_i64 "a whole number of 64 bits",
        deserialize_i128 visit_i128 "a whole number of 128 bits",
        deserialize_u8 visit_u8 "a whole number from 0 to 255",
        deserialize_u16 visit_u16 "a whole number from 0 to 65535",
        deserialize_u32 visit_u32 "a whole number from 0 to 4294967295",
        deserialize_u64 visit_u64 "a whole number from 0 to 18446744073709551615",
        deserialize_u128 visit_u128 "a whole number of 128 bits",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
        deserialize_char visit_char "one character",
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        let named = self.clone();
        visitor.visit_enum(self).map_err(|error: TextError| named.error(error))
    }

    /// A list is written as an HTTP API writes the arrays of a token: `[a b]`; or with commas, as headers are.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        let inner = self.text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let parts: Vec<String> = match inner {
            Some(inner) => inner.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            None => self.text.split(',').map(|part| part.trim().to_owned()).collect(),
        };
        let name = self.name;
        visitor.visit_seq(SeqDeserializer::new(
            parts.into_iter().map(|part| Text { name: name.clone(), text: Cow::Owned(part) }),
        ))
    }

    serde::forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, TextError> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A text that names a unit variant.
impl<'de> EnumAccess<'de> for Text<'de> {
    type Error = TextError;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, UnitOnly), TextError> {
        let plain = Text { name: None, text: self.text };
        seed.deserialize(plain).map(|variant| (variant, UnitOnly))
    }
}

struct UnitOnly;

impl<'de> VariantAccess<'de> for UnitOnly {
    type Error = TextError;

    fn unit_variant(self) -> Result<(), TextError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, TextError> {
        Err(de::Error::custom("a text can only be a variant without fields"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, TextError> {
        Err(de::Error::custom("a text can only be a variant without fields"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, TextError> {
        Err(de::Error::custom("a text can only be a variant without fields"))
    }
}

/// Texts in order: the first for a single value, all for a tuple, by name for a struct.
struct Values<'de>(Pairs<'de>);

impl<'de> Values<'de> {
    fn first(self) -> Result<Text<'de>, TextError> {
        let mut pairs = self.0.into_iter();
        pairs.next().map(|(name, text)| Text::named(name, text)).ok_or_else(|| TextError("there is no value".into()))
    }

    fn map(self) -> impl Iterator<Item = (Text<'de>, Text<'de>)> {
        self.0.into_iter().map(|(name, text)| (Text { name: None, text: name.clone() }, Text::named(name, text)))
    }
}

macro_rules! of_first {
    ($($method:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
            self.first()?.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = TextError;

    of_first! {
        deserialize_any, deserialize_bool, deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64,
        deserialize_i128, deserialize_u8, deserialize_u16, deserialize_u32, deserialize_u64, deserialize_u128,
        deserialize_f32, deserialize_f64, deserialize_char, deserialize_str, deserialize_string, deserialize_bytes,
        deserialize_byte_buf, deserialize_option, deserialize_unit, deserialize_identifier, deserialize_ignored_any,
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_seq(SeqDeserializer::new(self.0.into_iter().map(|(name, text)| Text::named(name, text))))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, TextError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_map(MapDeserializer::new(self.map()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.first()?.deserialize_enum(name, variants, visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn pairs<'a>(pairs: &[(&'a str, &'a str)]) -> Pairs<'a> {
        pairs.iter().map(|(name, text)| (Cow::Borrowed(*name), Cow::Borrowed(*text))).collect()
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
        Large,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Claims {
        sub: String,
        email_verified: bool,
        age: Option<u8>,
        #[serde(rename = "cognito:groups", default)]
        groups: Vec<String>,
    }

    #[test]
    fn claims_become_what_their_fields_are() {
        let claims: Claims = from_pairs(pairs(&[
            ("sub", "u-1"),
            ("email_verified", "true"),
            ("age", "7"),
            ("cognito:groups", "[staff admin]"),
            ("other", "ignored"),
        ]))
        .unwrap();
        let groups = vec!["staff".into(), "admin".into()];
        assert_eq!(claims, Claims { sub: "u-1".into(), email_verified: true, age: Some(7), groups });
    }

    #[test]
    fn an_error_names_the_field_and_the_text() {
        let error = from_pairs::<Claims>(pairs(&[("sub", "u"), ("email_verified", "yes")])).unwrap_err();
        assert_eq!(error.to_string(), "`email_verified`: `yes` is not `true` or `false`");
        let error = from_values::<u8>(pairs(&[("id", "256")])).unwrap_err();
        assert_eq!(error.to_string(), "`id`: `256` is not a whole number from 0 to 255");
        let error = from_values::<Size>(pairs(&[("size", "medium")])).unwrap_err();
        assert_eq!(error.to_string(), "`size`: unknown variant `medium`, expected `small` or `large`");
    }

    #[test]
    fn values_are_one_or_a_tuple_or_a_struct() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Id(u64);
        #[derive(Debug, PartialEq, Deserialize)]
        struct Both {
            b: Size,
            a: Id,
        }
        assert_eq!(from_values(pairs(&[("a", "1")])), Ok(Id(1)));
        assert_eq!(from_values(pairs(&[("a", "1"), ("b", "small")])), Ok((Id(1), Size::Small)));
        assert_eq!(from_values(pairs(&[("a", "1"), ("b", "large")])), Ok(Both { a: Id(1), b: Size::Large }));
    }
}
