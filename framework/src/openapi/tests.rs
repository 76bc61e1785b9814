//! What types say of themselves, asked as an expansion asks.

use ::http::StatusCode;
use expect_test::{Expect, expect};
use schemars::JsonSchema;

use super::{
    DescribeArgument, Request, TypeSchema,
    probe::{Describer, Probe, levels::*, of_route},
    schemas::Schemas,
};
use crate::{
    Bytes, Context, Created, Error, Form, Header, Html, Json, NoContent, Path, Query, Rejection, Response,
    table::{Cursor, Number, Page, Rfc3339, Set},
};

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is looked at")]
enum Size {
    Small,
    Large,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Fields {
    /// Which.
    size: Size,
    x_id: Option<u8>,
    #[serde(default)]
    many: Vec<String>,
}

/// One without a schema.
struct Plain;

/// The operation of these types at a path, a line for each part, and the names of its schemas.
fn check(path: &[&str], describe: Describer, expected: Expect) {
    let mut schemas = Schemas::default();
    let path = path.iter().map(|it| (*it).to_owned()).collect();
    let operation = of_route(describe, path, &mut schemas);
    let components = schemas.finish();
    let serde_json::Value::Object(parts) = serde_json::to_value(&operation).unwrap() else { panic!("no object") };
    let mut lines = String::new();
    for (name, part) in parts {
        match part {
            serde_json::Value::Array(list) if name == "parameters" || name == "replies" => {
                list.iter().for_each(|it| lines += &format!("{name}: {it}\n"));
            }
            part => lines += &format!("{name}: {part}\n"),
        }
    }
    lines += &format!("schemas: {}\n", components.schemas.keys().cloned().collect::<Vec<_>>().join(" "));
    expected.assert_eq(&lines);
}

macro_rules! arguments {
    ($($ty:ty),*) => {
        |operation| { $( (&&&Probe::<$ty>::NEW).argument(operation); )* }
    };
}

macro_rules! reply {
    ($ty:ty) => {
        |operation| (&&&Probe::<$ty>::NEW).reply(operation)
    };
}

#[test]
fn a_body_is_required_and_can_be_refused() {
    check(
        &[],
        arguments![Context, Json<Fields>],
        expect![[r##"
        body: {"content-type":"application/json","required":true,"schema":{"$ref":"#/components/schemas/Fields"}}
        rejections: [400,415]
        schemas: Fields Size
    "##]],
    );
}

#[test]
fn a_type_without_schema_is_named_and_no_error() {
    check(
        &[],
        arguments![Form<Plain>],
        expect![[r#"
        body: {"content-type":"application/x-www-form-urlencoded","required":true}
        rejections: [400,415]
        undocumented: ["skyloom::openapi::tests::Plain"]
        schemas: 
    "#]],
    );
    check(
        &[],
        reply![Result<Created<Json<Vec<Plain>>>, Error>],
        expect![[r#"
        fails: true
        replies: {"content-type":"application/json","status":201}
        undocumented: ["alloc::vec::Vec<skyloom::openapi::tests::Plain>"]
        schemas: 
    "#]],
    );
}

#[test]
fn a_path_is_one_value_a_tuple_or_a_struct() {
    check(
        &["id"],
        arguments![Path<String>],
        expect![[r#"
        parameters: {"name":"id","place":"path","required":true,"schema":{"type":"string"}}
        schemas: 
    "#]],
    );
    check(
        &["size"],
        arguments![Path<Size>],
        expect![[r##"
        parameters: {"name":"size","place":"path","required":true,"schema":{"$ref":"#/components/schemas/Size"}}
        rejections: [400]
        schemas: Size
    "##]],
    );
    check(
        &["isbn", "number"],
        arguments![Path<(u64, String)>],
        expect![[r#"
        parameters: {"name":"isbn","place":"path","required":true,"schema":{"format":"uint64","minimum":0,"type":"integer"}}
        parameters: {"name":"number","place":"path","required":true,"schema":{"type":"string"}}
        rejections: [400]
        schemas: 
    "#]],
    );
    check(
        &["size"],
        arguments![Path<Fields>],
        expect![[r##"
        parameters: {"description":"Which.","name":"size","place":"path","required":true,"schema":{"$ref":"#/components/schemas/Size"}}
        rejections: [400]
        schemas: Size
    "##]],
    );
}

#[test]
fn fields_are_parameters_of_the_query_and_headers_in_kebab_case() {
    check(
        &[],
        arguments![Query<Fields>],
        expect![[r##"
        parameters: {"name":"many","place":"query","required":false,"schema":{"default":[],"items":{"type":"string"},"type":"array"}}
        parameters: {"description":"Which.","name":"size","place":"query","required":true,"schema":{"$ref":"#/components/schemas/Size"}}
        parameters: {"name":"x_id","place":"query","required":false,"schema":{"format":"uint8","maximum":255,"minimum":0,"type":"integer"}}
        rejections: [400]
        schemas: Size
    "##]],
    );
    check(
        &[],
        arguments![Header<Fields>],
        expect![[r##"
        parameters: {"name":"many","place":"header","required":false,"schema":{"default":[],"items":{"type":"string"},"type":"array"}}
        parameters: {"description":"Which.","name":"size","place":"header","required":true,"schema":{"$ref":"#/components/schemas/Size"}}
        parameters: {"name":"x-id","place":"header","required":false,"schema":{"format":"uint8","maximum":255,"minimum":0,"type":"integer"}}
        rejections: [400]
        schemas: Size
    "##]],
    );
}

#[test]
fn what_is_optional_is_not_required_and_what_the_handler_judges_is_not_refused() {
    check(
        &[],
        arguments![Option<Json<u8>>],
        expect![[r#"
        body: {"content-type":"application/json","required":false,"schema":{"format":"uint8","maximum":255,"minimum":0,"type":"integer"}}
        rejections: [400,415]
        schemas: 
    "#]],
    );
    check(
        &[],
        arguments![Result<Query<Fields>, Rejection>],
        expect![[r##"
        parameters: {"name":"many","place":"query","required":false,"schema":{"default":[],"items":{"type":"string"},"type":"array"}}
        parameters: {"description":"Which.","name":"size","place":"query","required":false,"schema":{"$ref":"#/components/schemas/Size"}}
        parameters: {"name":"x_id","place":"query","required":false,"schema":{"format":"uint8","maximum":255,"minimum":0,"type":"integer"}}
        schemas: Size
    "##]],
    );
    check(
        &[],
        arguments![Bytes],
        expect![[r#"
        body: {"content-type":"*/*","required":false}
        schemas: 
    "#]],
    );
}

#[test]
fn replies_say_their_status_and_content() {
    check(
        &[],
        reply![Json<Fields>],
        expect![[r##"
        replies: {"content-type":"application/json","schema":{"$ref":"#/components/schemas/Fields"},"status":200}
        schemas: Fields Size
    "##]],
    );
    check(
        &[],
        reply![Result<NoContent, Error>],
        expect![[r#"
        fails: true
        replies: {"status":204}
        schemas: 
    "#]],
    );
    check(
        &[],
        reply![(StatusCode, Html<&'static str>)],
        expect![[r#"
        replies: {"content-type":"text/html"}
        schemas: 
    "#]],
    );
    check(
        &[],
        reply![Created<String>],
        expect![[r#"
        replies: {"content-type":"text/plain","schema":{"type":"string"},"status":201}
        schemas: 
    "#]],
    );
    check(
        &[],
        reply![Response],
        expect![[r#"
        replies: {}
        schemas: 
    "#]],
    );
    check(
        &[],
        reply![Plain],
        expect![[r#"
        fails: true
        replies: {}
        undocumented: ["skyloom::openapi::tests::Plain"]
        schemas: 
    "#]],
    );
}

#[test]
fn the_types_of_tables_are_what_they_are_in_json() {
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Item {
        next: Cursor,
        price: Number,
        at: Rfc3339<std::time::SystemTime>,
        tags: Set<String>,
    }
    let mut schemas = Schemas::default();
    TypeSchema::of::<Page<Item>>().referred(&mut schemas.of_replies);
    let components = schemas.finish();
    expect![[r##"
        {
          "Item": {
            "properties": {
              "at": {
                "format": "date-time",
                "type": "string"
              },
              "next": {
                "description": "Where the next page begins.",
                "type": "string"
              },
              "price": {
                "pattern": "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$",
                "type": "string"
              },
              "tags": {
                "items": {
                  "type": "string"
                },
                "type": "array",
                "uniqueItems": true
              }
            },
            "required": [
              "next",
              "price",
              "at",
              "tags"
            ],
            "type": "object"
          },
          "PageOfItem": {
            "description": "A page of a list; without `next` it is the last.",
            "properties": {
              "items": {
                "items": {
                  "$ref": "#/components/schemas/Item"
                },
                "type": "array"
              },
              "next": {
                "description": "Where the next page begins.",
                "type": [
                  "string",
                  "null"
                ]
              }
            },
            "required": [
              "items",
              "next"
            ],
            "type": "object"
          }
        }"##]]
    .assert_eq(&serde_json::to_string_pretty(&components.schemas).unwrap());
}

#[test]
fn an_argument_of_the_users_says_what_it_reads() {
    struct Language;
    impl DescribeArgument for Language {
        type Value = String;

        fn describe(request: &mut Request<'_>, language: TypeSchema) {
            request.header("Accept-Language", language, "What the caller prefers");
            request.query("lang", language, "The same");
            request.rejects(StatusCode::NOT_ACCEPTABLE);
        }
    }
    check(
        &[],
        arguments![Language],
        expect![[r#"
        parameters: {"description":"The same","name":"lang","place":"query","required":false,"schema":{"type":"string"}}
        parameters: {"description":"What the caller prefers","name":"accept-language","place":"header","required":false,"schema":{"type":"string"}}
        rejections: [406]
        schemas: 
    "#]],
    );
}
