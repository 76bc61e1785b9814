use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// What is wrong with the shop that has these routes without a function.
fn check(integrations: &[Value], expected: Expect) {
    let integrations: Vec<_> = integrations
        .iter()
        .enumerate()
        .map(|(line, it)| {
            let mut whole = json!({
                "name": "Docs", "source": {"file": "src/lib.rs", "line": 10 + line}, "api": "Api", "method": "GET",
                "path": "/docs", "auth": "public", "target": {"http": {"url": "https://example.org"}},
            });
            it.as_object().unwrap().iter().for_each(|(name, value)| whole[name] = value.clone());
            whole
        })
        .collect();
    let item = json!({"attributes": {"id": "S", "tags": "SS", "count": "N"}});
    super::check(&[("/integrations", integrations.into()), ("/tables/0/item", item)], expected);
}

fn put(set: Value) -> Value {
    json!({"put": {"table": "Order", "set": set}})
}

#[test]
fn a_route_without_a_function_is_one_among_the_others() {
    check(&[json!({"path": "/docs/{page}"}), json!({"name": "More", "method": "POST"})], expect![[""]]);
    check(&[json!({"path": "/orders/{order}"}), json!({"name": "More"}), json!({"name": "Again"})], expect![[""]]);
    check(&[json!({}), json!({})], expect![[""]]);
    check(&[json!({"api": "Ap"}), json!({"name": "More", "path": "docs"})], expect![[""]]);
}

#[test]
fn a_route_asks_for_what_api_gateway_can_check() {
    let groups = json!({"user-pool": {"pool": "Shopper", "groups": ["staff"]}});
    check(&[json!({"auth": groups}), json!({"name": "More", "auth": "api-key", "method": "POST"})], expect![[""]]);
    check(&[json!({"auth": {"authorizer": {"function": "nobody"}}})], expect![[""]]);
}

#[test]
fn a_target_is_one_that_its_api_has_and_that_is_there() {
    check(
        &[
            json!({"target": {"answer": {"status": 199, "headers": {"a b": "c"}}}}),
            json!({"name": "More", "path": "/{host}", "target": {"http": {"url": "https://{host}"}}}),
            json!({"name": "Topic", "path": "/t", "target": {"queue": {"queue": {"topic": {"name": "T"}}}}}),
            json!({"name": "Put", "path": "/p", "target": put(json!({"idd": "$context.requestId", "count": "$request.body.a"}))}),
            json!({"name": "None", "path": "/n", "target": {"put": {"table": "Orders"}}}),
        ],
        expect![[""]],
    );
}

#[test]
fn what_is_changed_on_the_way_is_of_routes_of_http_apis() {
    let mapped = json!({"http": {"parameters": {
        "request": {"append:header.host": "a", "remove:path": ""},
        "response": {"99": {"overwrite:statuscode": "200"}, "200": {"append:header.x": "$request.path"}},
    }}});
    super::check(&[("/functions/0/options", mapped.clone()), ("/functions/1/options", mapped)], expect![[""]]);
    let rest = json!([{"name": "Api", "default": true, "kind": {"rest": {"endpoint": "regional"}}, "variables": {"a-b": "c"}}]);
    super::check(&[("/functions/0/options", json!({"http": {"payload": "1.0"}})), ("/apis", rest)], expect![[""]]);
}
