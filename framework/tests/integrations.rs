//! Routes without a function, and what an HTTP API changes of requests and replies.

#[path = "integrations/app.rs"]
mod app;

use http::{Request, Response};
use serde_json::{Value, json};
use skyloom::Bytes;
use skyloom_local::Local;

use self::app::{Member, Order, Rest, Web};

const DOCS: &str = "https://docs.example.com";

/// Says what of the request came to the other server.
fn echo(request: &Request<Bytes>) -> Response<String> {
    let names: Vec<_> = request.headers().keys().map(|name| name.as_str().to_owned()).collect();
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
    let said = json!({
        "method": request.method().as_str(),
        "uri": request.uri().to_string(),
        "names": names,
        "host": text("host"),
        "forwarded": text("forwarded").is_some(),
        "body": String::from_utf8_lossy(request.body()),
    });
    let builder = Response::builder().status(203).header("x-of", "docs").header("server", "nginx");
    builder.body(said.to_string()).expect("headers that are right")
}

#[skyloom_local::test]
async fn another_server_gets_the_request_and_its_answer_is_handed_back(app: Local) {
    app.upstream(DOCS, |request| echo(&request));
    for api in [app.api::<Web>(), app.api::<Rest>()] {
        let request =
            api.request("PUT", "/docs/a%20b/c?q=1%202&q=3").header("connection", "x-hop").header("x-hop", "1");
        let request = request.header("x-end", "2").content("text/plain", "body");
        let reply = request.send().await.expect(203);
        let said: Value = reply.json();
        assert_eq!(said["method"], "PUT");
        assert_eq!(said["uri"], "https://docs.example.com/v1/a%20b/c?q=1%202&q=3");
        assert_eq!((&said["host"], &said["body"]), (&json!("docs.example.com"), &json!("body")));
        let names: Vec<String> = serde_json::from_value(said["names"].clone()).unwrap();
        assert!(names.iter().any(|name| name == "x-end"), "{names:?}");
        assert!(!names.iter().any(|name| name == "x-hop" || name == "connection"), "{names:?}");
        assert_eq!(reply.header("x-of"), Some("docs"));
    }
}

#[skyloom_local::test]
async fn each_kind_of_api_has_its_own_headers(app: Local) {
    app.upstream(DOCS, |request| echo(&request));
    let of_http = app.api::<Web>().get("/docs/a").send().await.expect(203);
    assert_eq!(of_http.header("server"), Some("nginx"));
    assert_eq!(of_http.json::<Value>()["forwarded"], true);
    let of_rest = app.api::<Rest>().get("/docs/a").send().await.expect(203);
    assert_eq!((of_rest.header("server"), of_rest.header("x-amzn-remapped-server")), (None, Some("nginx")));
    assert_eq!(of_rest.json::<Value>()["forwarded"], false);
}

#[skyloom_local::test]
async fn a_caller_does_not_choose_the_server(app: Local) {
    app.upstream(DOCS, |request| echo(&request));
    for path in ["/docs/..%2f..%2f@evil.example", "/docs/%40evil.example/", "/docs/%3F%23%2F%2Fevil.example"] {
        for api in [app.api::<Web>(), app.api::<Rest>()] {
            let said: Value = api.get(path).send().await.expect(203).json();
            assert_eq!(said["host"], "docs.example.com", "{path}");
            assert!(said["uri"].as_str().unwrap().starts_with("https://docs.example.com/v1/"), "{said}");
        }
    }
}

#[skyloom_local::test]
#[should_panic(expected = "nothing goes out of a test")]
async fn nothing_goes_out_of_a_test_unasked(app: Local) {
    app.api::<Web>().get("/docs/a").send().await;
}

#[skyloom_local::test]
#[should_panic(
    expected = "no route of the application leads to https://doc.example.com: there are https://docs.example.com"
)]
async fn a_server_that_no_route_leads_to_is_a_mistake(app: Local) {
    app.upstream("https://doc.example.com", |_| Response::new(""));
}

#[skyloom_local::test]
async fn a_static_answer_is_always_the_same(app: Local) {
    let reply = app.api::<Rest>().get("/health").send().await.expect(203);
    assert_eq!((reply.text().as_str(), reply.header("content-type")), ("<p>up</p>", Some("text/html")));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let refused = app.api::<Rest>().get("/health").header("content-type", "text/csv").send().await.expect(415);
    assert_eq!(refused.text(), r#"{"message": "Unsupported Media Type"}"#);
}

#[skyloom_local::test]
async fn a_body_becomes_a_message_of_a_queue(app: Local) {
    let reply: Value = app.api::<Rest>().post("/jobs").json(&json!({"job": 1})).send().await.expect(202).json();
    assert!(reply["messageId"].as_str().is_some_and(|id| id.len() == 36), "{reply}");
    let ann = app.sign_in::<Member>("ann@example.com").await;
    let reply = app.api::<Web>().post("/jobs").bearer(&ann).content("text/plain", "plain").send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/xml"));
    assert!(reply.text().contains("<MessageId>"), "{}", reply.text());
    app.api::<Rest>().post("/jobs").send().await.expect(202);
    assert_eq!(app.destination("Jobs"), [json!({"job": 1}), json!("plain"), json!({})]);
    let empty = app.api::<Web>().post("/jobs").bearer(&ann).send().await.expect(400);
    assert!(empty.text().contains("MissingParameter"), "{}", empty.text());
    app.api::<Rest>().post("/jobs").content("text/plain", "x").send().await.expect(415);
}

#[skyloom_local::test]
async fn who_may_not_call_a_route_comes_to_nothing_behind_it(app: Local) {
    app.api::<Web>().post("/jobs").json(&json!({})).send().await.expect(401);
    app.api::<Rest>().post("/regions/eu/orders").json(&json!({"item": "tea"})).send().await.expect(401);
    assert_eq!(app.destination("Jobs"), [Value::Null; 0]);
}

#[skyloom_local::test]
async fn a_body_becomes_an_item_with_what_the_caller_must_not_choose(app: Local) {
    let api = app.api::<Rest>();
    let ann = app.sign_in::<Member>("ann@example.com").await;
    let order = json!({"id": "7", "item": "tea \"green\" $x #end", "count": 2, "gift": true});
    api.post("/regions/eu/orders").bearer(&ann).json(&order).send().await.expect(201);
    let sub = app.table::<Order>().all().await.into_iter().next().unwrap().owner;
    let found = app.table::<Order>().get((&*sub, "7")).await.unwrap();
    let expected = Order {
        owner: sub,
        id: "7".into(),
        item: "tea \"green\" $x #end".into(),
        count: 2,
        gift: Some(true),
        place: "eu-1".into(),
    };
    assert_eq!(found, expected);
    let again = api.post("/regions/eu/orders").bearer(&ann).json(&order).send().await.expect(409);
    assert_eq!(again.text(), r#"{"message":"Conflict"}"#);
    let more = json!({"id": "7", "item": "coffee", "count": 3});
    api.put("/regions/eu/orders").bearer(&ann).json(&more).send().await.expect(201);
    assert_eq!(app.table::<Order>().get((&*found.owner, "7")).await.unwrap().item, "coffee");
}

#[skyloom_local::test]
async fn a_body_that_is_no_item_is_refused_by_the_api(app: Local) {
    let api = app.api::<Rest>();
    let ann = app.sign_in::<Member>("ann@example.com").await;
    for body in [
        json!({}),
        json!([]),
        json!({"id": "1", "item": "tea"}),
        json!({"id": "1", "item": "tea", "count": "2"}),
        json!({"id": "1", "item": null, "count": 2}),
        json!({"id": "1", "item": "tea", "count": 2, "owner": "bob"}),
        json!({"id": "1", "item": "tea", "count": 2, "more": 1}),
    ] {
        let refused = api.post("/regions/eu/orders").bearer(&ann).json(&body).send().await.expect(400);
        assert_eq!(refused.text(), r#"{"message": "Invalid request body"}"#, "{body}");
    }
    let no_key = json!({"id": "", "item": "tea", "count": 2});
    let refused = api.post("/regions/eu/orders").bearer(&ann).json(&no_key).send().await.expect(400);
    assert_eq!(refused.text(), r#"{"message":"Bad Request"}"#);
}

#[skyloom_local::test]
async fn a_stage_has_variables_in_both_kinds_of_api(app: Local) {
    assert_eq!(app.api::<Web>().get("/color").send().await.expect(200).text(), "blue");
    assert_eq!(app.api::<Rest>().get("/color").send().await.expect(200).text(), "red");
}

#[skyloom_local::test]
async fn a_request_is_changed_on_its_way_to_a_function(app: Local) {
    let request = app.api::<Web>().get("/mapped?debug=1&page=2&page=3");
    let request = request.header("x-color", "red").header("x-secret", "no").header("x-tenant", "mine");
    let said: Value = request.send().await.expect(200).json();
    let expected = json!({
        "color": ["red,blue"], "secret": null, "tenant": ["GET /tenants"], "path": "/v2/mapped",
        "query": {"page": "2,3", "path": "/mapped"},
    });
    assert_eq!(said, expected);
    let of_format_1 = app.api::<Web>().get("/mapped-format-1?debug=1&page=2").header("x-color", "red");
    let said: Value = of_format_1.send().await.expect(200).json();
    let expected = json!({
        "color": ["red,blue"], "secret": null, "tenant": null, "path": "/mapped-format-1", "query": {"page": "2"},
    });
    assert_eq!(said, expected);
}

#[skyloom_local::test]
async fn a_reply_is_changed_by_its_status(app: Local) {
    let reply = app.api::<Web>().get("/missing").send().await.expect(403);
    assert_eq!(reply.header("x-was"), Some("about:blank"));
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
}

#[skyloom_local::test]
async fn a_function_behind_an_http_api_may_have_events_of_format_1(app: Local) {
    let request = app.api::<Web>().get("/format-1/a%20b?tag=1&tag=2").header("accept", "a").header("accept", "b");
    let reply = request.header("cookie", "a=1; b=2").send().await.expect(200);
    let said: Value = reply.json();
    assert_eq!(said["path"], json!("a b"));
    assert_eq!((&said["tags"], &said["cookies"]), (&json!(["1", "2"]), &json!(["a=1", "b=2"])));
    assert_eq!((&said["accept"], &said["stage"]), (&json!("a,b"), &json!("$default")));
    let cookies: Vec<_> = reply.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    let ann = app.sign_in::<Member>("ann@example.com").await;
    for name in ["ann", "42", "true", "\"a\""] {
        let partner: Value = app.api::<Web>().get("/format-1-partner").bearer(name).send().await.expect(200).json();
        assert_eq!(partner, json!({"name": name, "level": 3}));
    }
    let owner = app.api::<Web>().get("/format-1-signed").signed_by(&app.owner_credentials()).send().await.expect(200);
    assert_eq!(owner.text(), "arn:aws:iam::000000000000:root 000000000000 local");
    let me: Value = app.api::<Web>().get("/format-1-me").bearer(&ann).send().await.expect(200).json();
    assert_eq!(me["email"], "ann@example.com");
}
