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
    check(
        &[json!({"path": "/orders/{order}"}), json!({"name": "More"}), json!({"name": "Again"})],
        expect![[r#"
        src/lib.rs:10: `Docs`: `GET /orders/{order}` is already the route of `list` at src/lib.rs:1
        src/lib.rs:12: `Again`: `GET /docs` is already the route of `More` at src/lib.rs:11"#]],
    );
    check(
        &[json!({}), json!({})],
        expect![[r#"
        src/lib.rs:11: `Docs`: there is another route without a function of this name at src/lib.rs:10: rename one of them
        src/lib.rs:11: `Docs`: `GET /docs` is already the route of `Docs` at src/lib.rs:10"#]],
    );
    check(
        &[json!({"api": "Ap"}), json!({"name": "More", "path": "docs"})],
        expect![[r#"
        src/lib.rs:10: `Docs`: it is a route of `Ap`, which is no API of the application
        src/lib.rs:11: `More`: the path `docs` has to begin with `/`: write `/docs`"#]],
    );
}

#[test]
fn a_route_asks_for_what_api_gateway_can_check() {
    let groups = json!({"user-pool": {"pool": "Shopper", "groups": ["staff"]}});
    check(
        &[json!({"auth": groups}), json!({"name": "More", "auth": "api-key", "method": "POST"})],
        expect![[r#"
        src/lib.rs:10: `Docs`: API Gateway knows no groups, and there is no function here that could: write a handler, or name scopes
        src/lib.rs:11: `More`: `auth = ApiKey` is of REST APIs, and `Api` is an HTTP API: write `#[api(rest)]`, or another `auth`"#]],
    );
    check(
        &[json!({"auth": {"authorizer": {"function": "nobody"}}})],
        expect!["src/lib.rs:10: `Docs`: its `auth` is the authorizer `nobody`, which the application does not have"],
    );
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
        expect![[r#"
            src/lib.rs:10: `Docs`: `answer` is of REST APIs, and `Api` is an HTTP API: write `#[api(rest)]`, or a handler
            src/lib.rs:10: `Docs`: `status` is 199, but has to be from 200 to 599
            src/lib.rs:10: `Docs`: `a b` is no name of a header
            src/lib.rs:11: `More`: who calls must not choose the server: write the host of `https://{host}` in full, and parameters behind it
            src/lib.rs:12: `Topic`: `T` is no queue: name one that the stack makes, `queue = "Jobs"`, or the ARN of one that is there
            src/lib.rs:13: `Put`: `put` is of REST APIs, and `Api` is an HTTP API: write `#[api(rest)]`, or a handler
            src/lib.rs:13: `Put`: `count`: `$request.body.a` may be left out of a request: an attribute is set to `$context.…`, `$request.path.…`, `$stageVariables.…` or a text; what the request chooses is in its body
            src/lib.rs:13: `Put`: `tags` of `Order` is stored as SS, and without a function there are strings, numbers and booleans: write a handler
            src/lib.rs:13: `Put`: `Order` has no string or number `idd` that could be set: did you mean `id`?
            src/lib.rs:14: `None`: `put` is of REST APIs, and `Api` is an HTTP API: write `#[api(rest)]`, or a handler
            src/lib.rs:14: `None`: it writes to the table `Orders`, which the application does not have"#]],
    );
}

#[test]
fn what_is_changed_on_the_way_is_of_routes_of_http_apis() {
    let mapped = json!({"http": {"parameters": {
        "request": {"append:header.host": "a", "remove:path": ""},
        "response": {"99": {"overwrite:statuscode": "200"}, "200": {"append:header.x": "$request.path"}},
    }}});
    super::check(
        &[("/functions/0/options", mapped.clone()), ("/functions/1/options", mapped)],
        expect![[r#"
        src/lib.rs:1: `list`: API Gateway keeps the header `host` to itself and lets no API change it: take another name
        src/lib.rs:1: `list`: `remove:path`: there is always one, so that it can be overwritten only
        src/lib.rs:1: `list`: the status is 99, but has to be from 200 to 599
        src/lib.rs:1: `list`: `$request.path` is of the request: a reply's parameters are made of `$response.…`, `$context.…` and `$stageVariables.…`
        src/lib.rs:2: `report`: `payload`, `request` and `response` are of routes"#]],
    );
    let rest = json!([{"name": "Api", "default": true, "kind": {"rest": {"endpoint": "regional"}}, "variables": {"a-b": "c"}}]);
    super::check(
        &[("/functions/0/options", json!({"http": {"payload": "1.0"}})), ("/apis", rest)],
        expect![[r#"
        `Api`: `a-b` cannot be a stage variable: it has up to 64 letters, digits and `_`
        src/lib.rs:1: `list`: `payload`, `request` and `response` are of HTTP APIs, and its API is a REST API: leave them out"#]],
    );
}
