//! Functions with a URL of their own, and replies that are sent as they come.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use skyloom::{
    Api, Context, Error, HeaderName, HeaderValue, Iam, Json, Public, Query, RequestContext, ServerSentEvent,
    StatusCode, Streamed, handler,
};
use skyloom_local::Local;

#[derive(Api)]
#[api(rest, default)]
struct Site;

#[derive(serde::Deserialize)]
struct Count {
    to: u32,
}

/// Says what it was told.
#[handler(url, auth = Public, timeout = "2m")]
async fn echo(request: RequestContext, Json(body): Json<Value>) -> Result<(StatusCode, Json<Value>), Error> {
    let said = json!({"body": body, "path": request.path(), "stage": request.stage(), "domain": request.domain_name()});
    Ok((StatusCode::ACCEPTED, Json(said)))
}

/// Counts, and fails at thirteen.
#[handler(url, auth = Public, cors(origins = ["https://shop.example"], methods = ["GET"]))]
async fn count(Query(Count { to }): Query<Count>) -> Result<Streamed, Error> {
    if to > 100 {
        return Err(Error::bad_request("no more than a hundred"));
    }
    let numbers = stream::iter(1..=to).map(|number| match number {
        13 => Err(Error::internal("unlucky")),
        number => Ok(format!("{number} ")),
    });
    Ok(Streamed::text(numbers).append_header(HeaderName::from_static("set-cookie"), HeaderValue::from_static("seen=1")))
}

/// Says who signed.
#[handler(url, auth = Iam)]
async fn own(caller: Iam) -> String {
    caller.arn
}

/// Says words as they come, through a REST API.
#[handler(GET "/words", auth = Public, api = Site, timeout = "5m")]
async fn words() -> Streamed {
    Streamed::events(stream::iter(["one", "two"]).map(|word| Ok::<_, Error>(ServerSentEvent::data(word).event("word"))))
}

#[derive(Api)]
#[api(rest, endpoint = "edge")]
struct Edge;

/// Falls silent for four minutes, and then for six.
#[handler(GET "/slow", auth = Public, api = Site, timeout = "15m")]
async fn slow() -> Streamed {
    halting([0, 240, 360])
}

/// Falls silent for 20 seconds, and then for 40.
#[handler(GET "/slow", auth = Public, api = Edge, timeout = "15m")]
async fn slow_at_the_edge() -> Streamed {
    halting([0, 20, 40])
}

fn halting(seconds: [u64; 3]) -> Streamed {
    Streamed::text(stream::iter(seconds).then(|silent| async move {
        tokio::time::sleep(Duration::from_secs(silent)).await;
        Ok::<_, Error>(silent.to_string())
    }))
}

/// Waits for longer than its timeout, when it has begun.
#[handler(url, auth = Public, timeout = "3s")]
async fn stall(context: Context) -> Streamed {
    let begun = stream::once(async { Ok::<_, Error>("begun") });
    Streamed::text(begun.chain(stream::once(async move {
        let _ = context;
        std::future::pending::<()>().await;
        Ok("never")
    })))
}

#[skyloom_local::test]
async fn a_url_takes_every_path_and_method(app: Local) {
    for (method, path) in [("POST", "/"), ("PUT", "/any/thing")] {
        let reply = app.url("echo").request(method, path).json(&json!([1])).send().await.expect(202);
        let said: Value = reply.json();
        assert_eq!((&said["body"], &said["path"], &said["stage"]), (&json!([1]), &json!(path), &json!("$default")));
        let domain = said["domain"].as_str().unwrap();
        assert!(domain.ends_with(".lambda-url.us-east-1.on.aws") && domain.find('.') == Some(32), "{domain}");
        assert!(reply.header("x-amzn-requestid").is_some() && reply.header("apigw-requestid").is_none());
        assert!(reply.chunks().is_empty());
    }
}

#[skyloom_local::test]
async fn a_reply_comes_in_parts(app: Local) {
    let reply = app.url("count").get("/?to=3").send().await.expect(200);
    assert_eq!(reply.chunks(), ["1 ", "2 ", "3 "]);
    assert_eq!((reply.text().as_str(), reply.broke_off()), ("1 2 3 ", false));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!((reply.header("set-cookie"), reply.header("content-length")), (Some("seen=1"), None));
    let words = app.api::<Site>().get("/words").send().await.expect(200);
    assert_eq!(words.chunks(), ["data: one\nevent: word\n\n", "data: two\nevent: word\n\n"]);
    assert_eq!(words.header("content-type"), Some("text/event-stream"));
    assert!(words.header("x-amz-apigw-id").is_some());
}

#[skyloom_local::test]
async fn an_error_before_the_body_is_a_reply_as_any_other(app: Local) {
    let reply = app.url("count").get("/?to=101").send().await.expect(400);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert_eq!(reply.json::<Value>()["detail"], "no more than a hundred");
    app.url("count").get("/?to=many").send().await.expect(400);
}

#[skyloom_local::test]
async fn an_error_in_the_midst_of_the_body_breaks_it_off_and_fails_the_function(app: Local) {
    let reply = app.url("count").get("/?to=20").send().await.expect(200);
    assert!(reply.broke_off() && reply.text().ends_with("11 12 "), "{}", reply.text());
    assert!(app.logs("count").iter().any(|line| line.contains("unlucky")));
    let reply = app.url("stall").get("/").send().await.expect(200);
    assert!(reply.broke_off());
    assert_eq!(reply.text(), "begun");
}

#[skyloom_local::test]
async fn a_page_of_a_named_origin_may_read_the_reply_and_ask_before(app: Local) {
    let (url, origin) = (app.url("count"), ("origin", "https://shop.example"));
    let reply = url.get("/?to=1").header(origin.0, origin.1).send().await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some(origin.1));
    let asks = url.request("OPTIONS", "/").header(origin.0, origin.1).header("access-control-request-method", "GET");
    let reply = asks.send().await.expect(200);
    assert_eq!(reply.header("access-control-allow-methods"), Some("GET"));
    assert_eq!(app.invocations("count"), 1);
    let other = url.get("/?to=1").header(origin.0, "https://evil.example").send().await.expect(200);
    assert_eq!(other.header("access-control-allow-origin"), None);
}

#[skyloom_local::test]
async fn a_url_for_callers_with_credentials_lets_nobody_else_in(app: Local) {
    let url = app.url("own");
    let may_not = app.function_credentials("echo");
    for request in [url.get("/"), url.get("/").signed_by(&may_not), url.get("/").bearer("a.b.c")] {
        let reply = request.send().await.expect(403);
        assert_eq!(reply.text(), r#"{"Message":"Forbidden"}"#);
    }
    assert_eq!(app.invocations("own"), 0);
    let owner = app.owner_credentials();
    let reply = url.get("/").signed_by(&owner).send().await.expect(200);
    assert!(reply.text().starts_with("arn:aws:iam::"), "{}", reply.text());
}

#[skyloom_local::test]
async fn what_a_function_streams_is_whole_for_who_invokes_it_by_its_name(app: Local) {
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "to=2", "headers": {},
        "requestContext": {}, "isBase64Encoded": false,
    });
    let error = app.invoke::<Value>("count", &event).await.unwrap_err();
    assert!(error.contains("count"), "{error}"); // it is no JSON, as at AWS
}

#[skyloom_local::test]
async fn a_rest_api_cuts_off_a_stream_that_falls_silent_for_too_long(app: Local) {
    for (reply, said) in
        [(app.get("/slow").send().await, ["0", "240"]), (app.api::<Edge>().get("/slow").send().await, ["0", "20"])]
    {
        assert_eq!(reply.chunks(), said);
        assert!(reply.broke_off());
    }
}
