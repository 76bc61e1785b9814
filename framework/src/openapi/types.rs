//! Schemas of the framework's own types, as they are in JSON.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::table::{Cursor, Millis, Number, Page, Rfc3339, Seconds, Set};

macro_rules! inline {
    ($($ty:ty $(, $parameter:ident)? => $name:literal $schema:tt;)*) => {$(
        impl$(<$parameter>)? JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

inline! {
    Cursor => "Cursor" { "type": "string", "description": "Where the next page begins." };
    Seconds<T>, T => "Seconds" { "type": "integer", "format": "int64" };
    Millis<T>, T => "Millis" { "type": "integer", "format": "int64" };
    Rfc3339<T>, T => "Rfc3339" { "type": "string", "format": "date-time" };
}

/// It is written as a string, and read from one or from a number.
impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let pattern = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$";
        if generator.contract().is_serialize() {
            return json_schema!({ "type": "string", "pattern": pattern });
        }
        json_schema!({ "type": ["string", "number"], "pattern": pattern })
    }
}

impl<T: JsonSchema> JsonSchema for Set<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Set_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        json_schema!({ "type": "array", "uniqueItems": true, "items": items })
    }
}

impl<T: JsonSchema> JsonSchema for Page<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("PageOf{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("skyloom::Page<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (items, next) = (generator.subschema_for::<Vec<T>>(), generator.subschema_for::<Option<Cursor>>());
        json_schema!({
            "type": "object",
            "description": "A page of a list; without `next` it is the last.",
            "properties": { "items": items, "next": next },
            "required": ["items", "next"],
        })
    }
}
