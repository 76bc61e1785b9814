use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::compare;

/// What is found between two documents, breaking changes with a `!`.
fn check(old: &Value, new: &Value, expected: Expect) {
    let line = |change: &super::Change| format!("{} {change}\n", if change.breaks { '!' } else { '-' });
    expected.assert_eq(&compare(old, new).iter().map(line).collect::<String>());
}

fn document(operation: &Value) -> Value {
    let schemes = json!({"Shopper": {"type": "http", "scheme": "bearer"}, "Key": {"type": "http", "scheme": "bearer"}});
    json!({"openapi": "3.1.0", "paths": {"/orders": {"post": operation}}, "components": {"securitySchemes": schemes}})
}

/// A request body of one schema and then another.
fn check_request(old: &Value, new: &Value, expected: Expect) {
    let body = |schema| document(&json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}));
    check(&body(old), &body(new), expected);
}

/// A reply of one schema and then another.
fn check_reply(old: &Value, new: &Value, expected: Expect) {
    let reply =
        |schema| document(&json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}));
    check(&reply(old), &reply(new), expected);
}

#[test]
fn the_same_document_has_no_changes() {
    let one = json!({"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}, "required": ["a"]});
    check_request(&one, &one, expect![""]);
    check_reply(&one, &one, expect![""]);
}

#[test]
fn operations_go_and_come_and_the_names_of_path_parameters_do_not_matter() {
    let old = json!({"paths": {"/orders/{id}": {"get": {}, "delete": {}}, "/old": {"get": {}}}});
    let new = json!({"paths": {"/orders/{order}": {"get": {}, "put": {}}}});
    check(
        &old,
        &new,
        expect![[r#"
            ! GET /old is no longer there
            ! DELETE /orders/{id} is no longer there
            - PUT /orders/{order} is new
        "#]],
    );
}

#[test]
fn parameters_may_come_only_if_they_are_optional() {
    let with = |parameters: Value| document(&json!({"parameters": parameters}));
    let old = json!([
        {"name": "gone", "in": "query"},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
        {"name": "If-Match", "in": "header"},
    ]);
    let new = json!([
        {"name": "limit", "in": "query", "required": true, "schema": {"type": "integer", "maximum": 50}},
        {"name": "if-match", "in": "header"},
        {"name": "must", "in": "query", "required": true},
        {"name": "may", "in": "query"},
    ]);
    check(
        &with(old),
        &with(new),
        expect![[r#"
            ! POST /orders query parameter `gone` is no longer taken
            ! POST /orders query parameter `limit` is required now
            ! POST /orders query parameter `limit` has `maximum` 50, which was 100
            - POST /orders query parameter `may` is new
            ! POST /orders query parameter `must` is new and required
        "#]],
    );
}

#[test]
fn a_request_may_not_be_asked_for_more() {
    let old = json!({"type": "object", "required": ["item"], "properties": {
        "item": {"type": "string"}, "count": {"type": "integer"}, "note": {"type": "string"}, "old": {},
    }});
    let new = json!({"type": "object", "required": ["count", "shop"], "properties": {
        "item": {"type": "string", "maxLength": 10}, "count": {"type": "number"}, "note": {"type": "boolean"},
        "shop": {"type": "string"}, "more": {},
    }});
    check_request(
        &old,
        &new,
        expect![[r#"
            ! POST /orders request body: `count` is required now
            - POST /orders request body: `count` was `integer` and is `number`
            - POST /orders request body: `item` is no longer required
            ! POST /orders request body: `item` has the new `maxLength` 10
            ! POST /orders request body: `note` was `string` and is `boolean`
            - POST /orders request body: `old` is no longer there
            - POST /orders request body: `more` is new
            ! POST /orders request body: `shop` is new and required
        "#]],
    );
}

#[test]
fn a_request_of_a_closed_schema_may_have_nothing_else() {
    let old = json!({"type": "object", "properties": {"a": {}, "b": {}}});
    let new = json!({"type": "object", "properties": {"a": {}}, "additionalProperties": false});
    check_request(
        &old,
        &new,
        expect![[r#"
            ! POST /orders request body: `b` is no longer there
            ! POST /orders request body may have no other properties any more
        "#]],
    );
}

#[test]
fn a_reply_may_not_have_less_and_nothing_else() {
    let old = json!({"type": "object", "required": ["id", "total"], "properties": {
        "id": {"type": "string"}, "total": {"type": "integer"}, "note": {"type": "string"}, "size": {"type": "integer"},
    }});
    let new = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": ["string", "null"]}, "total": {"type": "integer"}, "size": {"type": "number"}, "new": {},
    }});
    check_reply(
        &old,
        &new,
        expect![[r#"
            ! POST /orders response 200: `id` was `string` and is `null` or `string`
            ! POST /orders response 200: `note` is no longer there
            ! POST /orders response 200: `size` was `integer` and is `number`
            ! POST /orders response 200: `total` is no longer required
            - POST /orders response 200: `new` is new
        "#]],
    );
}

#[test]
fn values_may_come_in_requests_and_go_in_replies() {
    let (old, new) = (json!({"enum": ["open", "paid"]}), json!({"oneOf": [{"const": "open"}, {"const": "sent"}]}));
    check_request(
        &old,
        &new,
        expect![[r#"
            ! POST /orders request body no longer has the value `paid`
            - POST /orders request body has the new value `sent`
        "#]],
    );
    check_reply(
        &old,
        &new,
        expect![[r#"
            - POST /orders response 200 no longer has the value `paid`
            ! POST /orders response 200 has the new value `sent`
        "#]],
    );
}

#[test]
fn limits_may_be_loosened_in_requests_and_tightened_in_replies() {
    let old = json!({"type": "array", "maxItems": 10, "items": {"type": "integer", "minimum": 0}});
    let new = json!({"type": "array", "maxItems": 20, "items": {"type": "integer", "minimum": 1}});
    check_request(
        &old,
        &new,
        expect![[r#"
            - POST /orders request body has `maxItems` 20, which was 10
            ! POST /orders request body: `[]` has `minimum` 1, which was 0
        "#]],
    );
    check_reply(
        &old,
        &new,
        expect![[r#"
            ! POST /orders response 200 has `maxItems` 20, which was 10
            - POST /orders response 200: `[]` has `minimum` 1, which was 0
        "#]],
    );
}

#[test]
fn forms_are_told_from_each_other_and_the_one_that_changed_is_looked_into() {
    let card = json!({"type": "object", "required": ["card"], "properties": {"card": {"type": "string"}}});
    let cash = |kind: &str| json!({"type": "object", "required": ["cash"], "properties": {"cash": {"type": kind}}});
    let old = json!({"oneOf": [card, cash("integer")]});
    check_request(
        &old,
        &json!({"oneOf": [cash("string"), card]}),
        expect![[r#"
            ! POST /orders request body: `cash` was `integer` and is `string`
        "#]],
    );
    check_request(
        &old,
        &json!({"oneOf": [card]}),
        expect![[r#"
            ! POST /orders request body has lost one of its forms
        "#]],
    );
    check_reply(
        &json!({"oneOf": [card]}),
        &old,
        expect![[r#"
            ! POST /orders response 200 has one more form
        "#]],
    );
}

#[test]
fn references_are_followed_and_cycles_end() {
    let with = |kind: &str| {
        let tree = json!({"type": "object", "properties": {
            "name": {"type": kind}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        }});
        let response = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}});
        json!({
            "paths": {"/tree": {"get": {"responses": {"200": {"$ref": "#/components/responses/Tree"}}}}},
            "components": {"schemas": {"Tree": tree, "Loop": {"$ref": "#/components/schemas/Loop"}}, "responses": {"Tree": response}},
        })
    };
    check(
        &with("string"),
        &with("integer"),
        expect![[r#"
            ! GET /tree response 200: `name` was `string` and is `integer`
        "#]],
    );
}

#[test]
fn what_may_be_null_is_the_same_in_both_versions_of_openapi() {
    check_reply(&json!({"type": "string", "nullable": true}), &json!({"type": ["string", "null"]}), expect![""]);
    check_reply(
        &json!({"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {}}}], "nullable": true}),
        &json!({"anyOf": [{"type": "object", "required": ["a"], "properties": {"a": {}}}, {"type": "null"}]}),
        expect![""],
    );
}

#[test]
fn a_status_of_success_may_not_go_and_a_media_type_neither() {
    let text = json!({"content": {"text/plain; charset=utf-8": {}}});
    let old = document(&json!({"responses": {"200": text, "202": {}, "404": {}}}));
    let new = document(&json!({"responses": {"200": {"content": {"application/json": {}}}, "201": {}}}));
    check(
        &old,
        &new,
        expect![[r#"
            ! POST /orders response 200 is no longer `text/plain`
            - POST /orders response 200 may be `application/json`
            ! POST /orders response 202 does not come any more
            - POST /orders response 404 does not come any more
            - POST /orders response 201 is new
        "#]],
    );
}

#[test]
fn a_caller_who_was_let_in_has_to_be_let_in() {
    let with = |security: Value| document(&json!({"security": security}));
    check(
        &with(json!([])),
        &with(json!([{"Shopper": []}])),
        expect![[r#"
            ! POST /orders security no longer lets in callers with no credentials
        "#]],
    );
    check(
        &with(json!([{"Shopper": ["read"]}])),
        &with(json!([{"Shopper": ["read"]}, {"Key": []}])),
        expect![[r#"
            - POST /orders security lets in callers with `Key`
        "#]],
    );
    check(
        &with(json!([{"Shopper": []}])),
        &with(json!([{"Shopper": ["write"]}])),
        expect![[r#"
            ! POST /orders security no longer lets in callers with `Shopper`
        "#]],
    );
    check(
        &with(json!([{"Shopper": ["write"]}])),
        &with(json!([{"Shopper": []}])),
        expect![[r#"
        - POST /orders security lets in callers with `Shopper`
    "#]],
    );
}

#[test]
fn a_body_may_not_become_required() {
    let with = |required: bool| document(&json!({"requestBody": {"required": required, "content": {}}}));
    check(
        &with(false),
        &with(true),
        expect![[r#"
        ! POST /orders request body is required now
    "#]],
    );
    check(
        &document(&json!({})),
        &with(true),
        expect![[r#"
        ! POST /orders request body is new and required
    "#]],
    );
}
