//! The whole API: a request in, a reply out.

use std::{
    sync::Mutex,
    time::{Duration, UNIX_EPOCH},
};

use base64::engine::general_purpose::STANDARD;
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use skyloom_manifest::{
    Api, AuthorizerOptions, FORMAT_VERSION, Function, FunctionOptions, HttpMethod, IdentitySource, PayloadFormat,
    SourceLocation, Throttle, Trigger, bridge::FunctionError,
};

use super::*;
use crate::site::Site;

/// A function behind a route, `GET /orders/{id}` or `$default`.
pub(super) fn function(name: &str, route: &str, auth: Auth) -> Function {
    let (method, path) = route.split_once(' ').unwrap_or(("ANY", route));
    let method: HttpMethod = serde_json::from_value(method.into()).unwrap();
    with_trigger(
        name,
        Trigger::Http { api: Api::UNDECLARED.into(), method, path: path.into(), auth, guards: Box::default() },
    )
}

pub(super) fn with_trigger(name: &str, trigger: Trigger) -> Function {
    Function {
        name: name.into(),
        description: None,
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        trigger,
        memory: 128,
        timeout: 30,
        concurrency: None,
        options: FunctionOptions::default(),
        permissions: Vec::new(),
        operation: None,
        streaming: false,
    }
}

pub(super) fn manifest(functions: Vec<Function>) -> Manifest {
    let (apis, tables, user_pools, secrets) = (vec![Api::undeclared()], Vec::new(), Vec::new(), Vec::new());
    let integrations = Vec::new();
    Manifest {
        version: FORMAT_VERSION,
        application: "orders".into(),
        apis,
        functions,
        tables,
        user_pools,
        secrets,
        integrations,
        identity_pools: Vec::new(),
    }
}

pub(super) type Answer = Box<dyn Fn(&str, &Value) -> Result<String, InvokeError> + Send + Sync>;

/// An API before functions that keep each event and answer as they are told to.
pub(super) struct Bench {
    pub(super) gateway: Gateway,
    calls: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Bench {
    pub(super) fn new(manifest: Manifest, issuers: Vec<Issuer>, answer: Answer) -> Self {
        let calls: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (seen, answer) = (calls.clone(), Arc::new(answer));
        let invoke: Invoke = Arc::new(move |name, event| {
            let (seen, answer) = (seen.clone(), answer.clone());
            Box::pin(async move {
                let event: Value = serde_json::from_slice(&event).unwrap();
                seen.lock().unwrap().push((name.clone(), event.clone()));
                answer(&name, &event).map(Bytes::from)
            })
        });
        let api = &manifest.apis[0];
        let settings = Settings::of(&Site::new("orders", "us-east-1"), api);
        let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_millis(1_584_039_838_390));
        let gateway = Gateway::new(&manifest, (api, settings), clock, Random::seeded(1), invoke, issuers);
        Self { gateway, calls }
    }

    /// An API with one public route, whose function answers 200.
    fn of(route: &str) -> Self {
        Self::new(manifest(vec![function("handler", route, Auth::Public)]), vec![], Box::new(|_, _| Ok("{}".into())))
    }

    fn answering(answer: Result<String, InvokeError>) -> Self {
        let functions = manifest(vec![function("handler", "ANY /", Auth::Public)]);
        Self::new(functions, vec![], Box::new(move |_, _| answer.clone()))
    }

    pub(super) async fn send(&self, request: http::request::Builder, body: &[u8]) -> Response<Bytes> {
        let request = request.body(Bytes::copy_from_slice(body)).unwrap();
        self.gateway.handle(request, IpAddr::from([203, 0, 113, 7])).await
    }

    pub(super) fn calls(&self) -> Vec<(String, Value)> {
        self.calls.lock().unwrap().clone()
    }

    async fn event(&self, request: http::request::Builder, body: &[u8]) -> Value {
        let response = self.send(request, body).await;
        assert_eq!(response.status(), 200, "{response:?}");
        self.calls().pop().unwrap().1
    }
}

pub(super) fn show(response: &Response<Bytes>) -> String {
    let mut lines = vec![response.status().as_u16().to_string()];
    lines.extend(response.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
    lines.push(String::from_utf8_lossy(response.body()).into_owned());
    lines.join("\n")
}

async fn check_answer(answer: Result<String, InvokeError>, status: u16, body: &str) {
    let response = Bench::answering(answer).send(Request::get("/"), b"").await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (status, body.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn an_event_has_payload_format_2() {
    let request = Request::post("/orders/%E2%98%95%20cup?tag=a&tag=b%20c&empty=")
        .header("host", "shop.example")
        .header("User-Agent", "agent")
        .header("cookie", "session=abc; theme=dark")
        .header("content-type", "application/json")
        .header("x-many", "1")
        .header("x-many", "2");
    let event = Bench::of("POST /orders/{id}").event(request, br#"{"a":1}"#).await;
    let expected = expect![[r#"
        {
          "body": "{\"a\":1}",
          "cookies": [
            "session=abc",
            "theme=dark"
          ],
          "headers": {
            "content-length": "7",
            "content-type": "application/json",
            "host": "shop.example",
            "user-agent": "agent",
            "x-amzn-trace-id": "Root=1-5e6a879e-532deabf88729cb43995ab5a",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            "x-many": "1,2"
          },
          "isBase64Encoded": false,
          "pathParameters": {
            "id": "☕ cup"
          },
          "queryStringParameters": {
            "empty": "",
            "tag": "a,b c"
          },
          "rawPath": "/orders/☕ cup",
          "rawQueryString": "tag=a&tag=b%20c&empty=",
          "requestContext": {
            "accountId": "000000000000",
            "apiId": "2w4da4imld",
            "domainName": "2w4da4imld.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "2w4da4imld",
            "http": {
              "method": "POST",
              "path": "/orders/☕ cup",
              "protocol": "HTTP/1.1",
              "sourceIp": "203.0.113.7",
              "userAgent": "agent"
            },
            "requestId": "eDglgipvnmLaIZA=",
            "routeKey": "POST /orders/{id}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1584039838390
          },
          "routeKey": "POST /orders/{id}",
          "version": "2.0"
        }"#]];
    check_json(event, expected);
}

fn check_json(event: Value, expected: Expect) {
    expected.assert_eq(&serde_json::to_string_pretty(&event).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_body_or_parameters_has_no_members_for_them() {
    let event = Bench::of("$default").event(Request::get("/"), b"").await;
    for absent in ["body", "cookies", "pathParameters", "queryStringParameters", "stageVariables"] {
        assert_eq!(event.get(absent), None);
    }
    assert_eq!(event["routeKey"], "$default");
    assert_eq!(event["rawQueryString"], "");
    assert_eq!(event["requestContext"]["http"]["userAgent"], "");
    assert_eq!(event["requestContext"].get("authorizer"), None);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_no_text_is_base64() {
    let bench = Bench::of("POST /");
    let large = vec![0xff; 700_000];
    for (content_type, body, text) in [
        ("application/octet-stream", &[0, 255][..], "AP8=".to_owned()),
        ("application/x-www-form-urlencoded", b"a=1", "YT0x".into()),
        ("application/octet-stream", &large, STANDARD.encode(&large)),
        ("text/plain", &[0xff], "/w==".into()), // no UTF-8, so no text
    ] {
        let event = bench.event(Request::post("/").header("content-type", content_type), body).await;
        assert_eq!((&event["isBase64Encoded"], &event["body"]), (&json!(true), &json!(text)), "{content_type}");
    }
    let text = "\u{1f600}".repeat(100_000);
    let event =
        bench.event(Request::post("/").header("content-type", "text/plain; charset=utf-8"), text.as_bytes()).await;
    assert_eq!((&event["isBase64Encoded"], &event["body"]), (&json!(false), &json!(text)));
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_forwards_is_kept_before_the_source() {
    let request = Request::get("/").header("x-forwarded-for", "198.51.100.1").header("connection", "close");
    let event = Bench::of("GET /").event(request, b"").await;
    assert_eq!(event["headers"]["x-forwarded-for"], "198.51.100.1, 203.0.113.7");
    assert_eq!(event["headers"].get("connection"), None);
    assert_eq!(event["requestContext"]["http"]["sourceIp"], "203.0.113.7");
}

#[tokio::test(start_paused = true)]
async fn an_encoded_slash_is_a_slash() {
    let event = Bench::of("GET /files/{path+}").event(Request::get("/files/a%2Fb+c%25"), b"").await;
    assert_eq!(event["pathParameters"]["path"], "a/b+c%");
}

#[tokio::test(start_paused = true)]
async fn each_reply_has_a_request_id_and_a_length() {
    let response = Bench::of("GET /").send(Request::get("/nowhere"), b"").await;
    expect![[r#"
        404
        content-type: application/json
        content-length: 23
        apigw-requestid: eDglgipvnmLaIZA=
        {"message":"Not Found"}"#]]
    .assert_eq(&show(&response));
}

#[tokio::test(start_paused = true)]
async fn a_failed_slow_throttled_or_overfed_function_has_the_status_of_an_http_api() {
    let failed = FunctionError { error_type: "E".into(), error_message: "m".into() };
    let internal = r#"{"message":"Internal Server Error"}"#;
    let unavailable = r#"{"message":"Service Unavailable"}"#;
    let request_id = String::from("r");
    check_answer(Err(InvokeError::Failed(failed)), 500, internal).await;
    check_answer(Err(InvokeError::TimedOut { request_id: request_id.clone(), seconds: 3 }), 500, internal).await;
    check_answer(Err(InvokeError::TimedOut { request_id: request_id.clone(), seconds: 30 }), 503, unavailable).await;
    check_answer(Err(InvokeError::Exited { request_id, how: "with error: exit status 1".into() }), 500, internal).await;
    check_answer(Err(InvokeError::Throttled), 503, unavailable).await;
    let too_large = r#"{"message":"Request Entity Too Large"}"#;
    check_answer(Err(InvokeError::TooLarge("6 MB".into())), 413, too_large).await;
    check_answer(Ok(r#"{"statusCode":"x"}"#.into()), 500, internal).await;
}

#[tokio::test(start_paused = true)]
async fn the_api_waits_30_seconds() {
    let invoke: Invoke = Arc::new(|_, _| Box::pin(std::future::pending()));
    let clock = Clock::starting_at(UNIX_EPOCH);
    let site = Site::new("orders", "us-east-1");
    let routes = manifest(vec![function("handler", "GET /", Auth::Public)]);
    let api = &routes.apis[0];
    let settings = (api, Settings::of(&site, api));
    let gateway = Gateway::new(&routes, settings, clock.clone(), Random::seeded(1), invoke, vec![]);
    let response = gateway.handle(Request::get("/").body(Bytes::new()).unwrap(), Ipv4Addr::LOCALHOST.into()).await;
    assert_eq!(response.status(), 503);
    assert_eq!(clock.since_epoch().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn too_long_a_body_or_head_is_refused_and_the_function_never_runs() {
    let bench = Bench::of("ANY /");
    assert_eq!(bench.send(Request::post("/"), &vec![b'a'; BODY_LIMIT + 1]).await.status(), 413);
    assert_eq!(bench.send(Request::get("/").header("x", "a".repeat(10_240)), b"").await.status(), 431);
    assert_eq!(bench.send(Request::get("/%zz"), b"").await.status(), 400);
    assert_eq!(bench.gateway.refuse_body().status(), 413);
    assert!(bench.calls().is_empty());
    assert_eq!(bench.send(Request::post("/"), &vec![b'a'; BODY_LIMIT]).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_head_has_the_length_of_the_body_that_it_leaves_out() {
    let bench = Bench::answering(Ok(r#"{"statusCode":200,"body":"Hello"}"#.into()));
    let response = bench.send(Request::head("/"), b"").await;
    assert_eq!((response.body().len(), &response.headers()["content-length"]), (0, &HeaderValue::from_static("5")));
}

#[tokio::test(start_paused = true)]
async fn without_rules_for_other_origins_options_is_a_method_as_any_other() {
    let request = || Request::options("/").header("origin", "https://a.example");
    assert_eq!(Bench::of("GET /").send(request(), b"").await.status(), 404);
    assert_eq!(Bench::of("OPTIONS /").send(request(), b"").await.status(), 200);
}

fn with_cors(functions: Vec<Function>) -> Manifest {
    let origins = vec!["https://shop.example".into()];
    let mut manifest = manifest(functions);
    let cors = Cors { origins, methods: vec!["GET".into()], headers: vec!["*".into()], ..Cors::default() };
    manifest.apis[0].cors = Some(cors);
    manifest
}

#[tokio::test(start_paused = true)]
async fn a_preflight_request_is_answered_by_the_api_unless_a_route_takes_it() {
    let answer = || -> Answer { Box::new(|_, _| Ok(r#"{"statusCode":200}"#.into())) };
    let preflight = || {
        let request = Request::options("/a").header("origin", "https://shop.example");
        request.header("access-control-request-method", "GET")
    };
    let bench = Bench::new(with_cors(vec![function("a", "GET /a", Auth::Public)]), vec![], answer());
    let response = bench.send(preflight(), b"").await;
    assert_eq!((response.status().as_u16(), bench.calls().len()), (204, 0));
    assert_eq!(response.headers()["access-control-allow-origin"], "https://shop.example");
    assert_eq!(response.headers()["access-control-allow-methods"], "GET");

    let bench = Bench::new(with_cors(vec![function("a", "ANY /a", Auth::Public)]), vec![], answer());
    let response = bench.send(preflight(), b"").await;
    assert_eq!((response.status().as_u16(), bench.calls().len()), (200, 1));
    assert_eq!(response.headers()["access-control-allow-origin"], "https://shop.example");
}

#[tokio::test(start_paused = true)]
async fn replies_and_refusals_have_the_apis_cors_headers() {
    let answer = r#"{"statusCode":200,"headers":{"access-control-allow-origin":"*"}}"#;
    let functions = with_cors(vec![function("a", "GET /a", Auth::Public)]);
    let bench = Bench::new(functions, vec![], Box::new(|_, _| Ok(answer.into())));
    for path in ["/a", "/nowhere"] {
        let response = bench.send(Request::get(path).header("origin", "https://shop.example"), b"").await;
        assert_eq!(response.headers()["access-control-allow-origin"], "https://shop.example");
        let response = bench.send(Request::get(path).header("origin", "https://evil.example"), b"").await;
        assert_eq!(response.headers().get("access-control-allow-origin"), None);
    }
}

/// An API with a route that the function `gate` lets into, which does as the token says.
fn gated(cache: u32) -> Bench {
    let protected = Auth::Authorizer { function: "gate".into() };
    let gate =
        with_trigger("gate", Trigger::Authorizer { principal: "Partner".into(), cache, options: Box::default() });
    let functions = vec![gate, function("orders", "GET /orders/{id}", protected)];
    Bench::new(
        manifest(functions),
        vec![],
        Box::new(|name, event| match (name, event["identitySource"][0].as_str()) {
            ("gate", Some("good")) => Ok(r#"{"isAuthorized":true,"context":{"name":"ann","level":3}}"#.into()),
            ("gate", Some("bare")) => Ok(r#"{"isAuthorized":true}"#.into()),
            ("gate", Some("bad")) => Ok(r#"{"isAuthorized":false}"#.into()),
            ("gate", Some("odd")) => Ok(r#"{"isAuthorized":"yes"}"#.into()),
            ("gate", Some("context")) => Ok(r#"{"isAuthorized":true,"context":[]}"#.into()),
            ("gate", _) => Err(InvokeError::Throttled),
            _ => Ok("{}".into()),
        }),
    )
}

async fn ask(bench: &Bench, token: &str) -> u16 {
    bench.send(Request::get("/orders/7").header("authorization", token), b"").await.status().as_u16()
}

fn names(bench: &Bench) -> Vec<String> {
    bench.calls().into_iter().map(|(name, _)| name).collect()
}

#[tokio::test(start_paused = true)]
async fn an_authorizer_lets_in_refuses_or_fails() {
    for (token, status, called) in [
        ("good", 200, &["gate", "orders"][..]),
        ("bare", 200, &["gate", "orders"]),
        ("bad", 403, &["gate"]),
        ("odd", 500, &["gate"]),
        ("context", 500, &["gate"]),
        ("broken", 500, &["gate"]),
        ("", 401, &[]),
    ] {
        let bench = gated(0);
        assert_eq!((ask(&bench, token).await, names(&bench)), (status, called.iter().map(|it| (*it).into()).collect()));
    }
    let bench = gated(0);
    let response = bench.send(Request::get("/orders/7"), b"").await;
    assert_eq!((response.status().as_u16(), bench.calls().len()), (401, 0));
    assert_eq!(response.body().as_ref(), br#"{"message":"Unauthorized"}"#);
}

#[tokio::test(start_paused = true)]
async fn an_authorizer_is_told_of_the_request_and_the_function_what_it_said() {
    let bench = gated(0);
    ask(&bench, "good").await;
    let [(_, told), (_, event)] = <[_; 2]>::try_from(bench.calls()).unwrap();
    assert_eq!(told["type"], "REQUEST");
    assert_eq!(told["version"], "2.0");
    assert_eq!(told["routeKey"], "GET /orders/{id}");
    assert_eq!(told["identitySource"], json!(["good"]));
    assert_eq!(told["pathParameters"], json!({"id": "7"}));
    assert_eq!(told["requestContext"]["http"]["method"], "GET");
    assert_eq!(told.get("isBase64Encoded"), None);
    let arn = told["routeArn"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws:execute-api:us-east-1:000000000000:") && arn.ends_with("/$default/GET/orders/7"));
    assert_eq!(event["requestContext"]["authorizer"], json!({"lambda": {"name": "ann", "level": 3}}));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_an_authorizer_is_reused_for_its_token_until_it_is_too_old() {
    let bench = gated(300);
    for token in ["good", "good", "bad", "bad"] {
        ask(&bench, token).await;
    }
    assert_eq!(names(&bench), ["gate", "orders", "orders", "gate"]);
    tokio::time::advance(Duration::from_secs(299)).await;
    ask(&bench, "good").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    ask(&bench, "good").await;
    assert_eq!(names(&bench)[4..], ["orders", "gate", "orders"]);
}

/// The same by other means than the header, with the answers of a policy.
fn gated_by(options: AuthorizerOptions) -> Bench {
    let protected = Auth::Authorizer { function: "gate".into() };
    let trigger = Trigger::Authorizer { principal: "Partner".into(), cache: 300, options: Box::new(options) };
    let functions = vec![
        with_trigger("gate", trigger),
        function("a", "GET /a", protected.clone()),
        function("b", "GET /b", protected),
    ];
    let answer = |name: &str, event: &Value| {
        let mut statement = json!([{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["routeArn"]}]);
        if let Some(network) = event["queryStringParameters"]["from"].as_str() {
            statement[0]["Condition"] = json!({"IpAddress": {"aws:SourceIp": network}});
        }
        let policy = json!({"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": statement},
            "context": {"level": 3}});
        let answer = match event["queryStringParameters"]["token"].as_str() {
            _ if name != "gate" => json!({}),
            Some("simple") => json!({"isAuthorized": true}),
            Some("broken") => json!({"principalId": "ann", "policyDocument": {"Statement": {"Effect": "allow"}}}),
            _ => policy,
        };
        Ok(answer.to_string())
    };
    Bench::new(manifest(functions), vec![], Box::new(answer))
}

fn by_token(more: &[IdentitySource]) -> AuthorizerOptions {
    let sources = [&[IdentitySource::Query("token".into())], more].concat();
    AuthorizerOptions { identity: Some(sources), policy: true, ..AuthorizerOptions::default() }
}

async fn get(bench: &Bench, path: &str) -> u16 {
    bench.send(Request::get(path), b"").await.status().as_u16()
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_remembered_and_decides_on_other_routes_too() {
    let bench = gated_by(by_token(&[]));
    assert_eq!((get(&bench, "/a").await, names(&bench).len()), (401, 0));
    assert_eq!([get(&bench, "/a?token=x").await, get(&bench, "/b?token=x").await], [200, 403]);
    assert_eq!(names(&bench), ["gate", "a"]);
    let (_, asked) = bench.calls().swap_remove(0);
    assert_eq!(asked["identitySource"], json!(["x"]));
    let (_, event) = bench.calls().pop().unwrap();
    assert_eq!(event["requestContext"]["authorizer"], json!({"lambda": {"level": 3}}));
}

#[tokio::test(start_paused = true)]
async fn a_condition_of_a_policy_sees_who_sends_the_request() {
    let bench = gated_by(by_token(&[]));
    let from = |token: &str, network: &str| format!("/a?token={token}&from={network}");
    assert_eq!(get(&bench, &from("x", "203.0.113.0/24")).await, 200);
    assert_eq!(get(&bench, &from("y", "198.51.100.0/24")).await, 403);
}

#[tokio::test(start_paused = true)]
async fn with_the_route_among_what_identifies_the_caller_each_is_asked_for() {
    let bench = gated_by(by_token(&[IdentitySource::Context("routeKey".into())]));
    assert_eq!([get(&bench, "/a?token=x").await, get(&bench, "/b?token=x").await], [200, 200]);
    assert_eq!(names(&bench), ["gate", "a", "gate", "b"]);
    assert_eq!(bench.calls()[0].1["identitySource"], json!(["x", "GET /a"]));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_policy_is_the_apis_fault() {
    for token in ["simple", "broken"] {
        let bench = gated_by(by_token(&[]));
        assert_eq!(get(&bench, &format!("/a?token={token}")).await, 500, "{token}");
    }
}

/// An API whose authorizer is asked in format 1.0, and answers with what the token is as the effect of its policy.
fn gated_in_format_1() -> Bench {
    let options = AuthorizerOptions {
        token_header: Some("X-Token".into()),
        payload: PayloadFormat::One,
        ..AuthorizerOptions::default()
    };
    let trigger = Trigger::Authorizer { principal: "Partner".into(), cache: 0, options: Box::new(options) };
    let route = function("a", "GET /a/{id}", Auth::Authorizer { function: "gate".into() });
    let answer = |name: &str, event: &Value| {
        let effect = event["authorizationToken"].as_str().unwrap_or_default();
        let statement = json!([{"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}]);
        let policy = json!({"Version": "2012-10-17", "Statement": statement});
        let answer =
            json!({"principalId": "ann", "policyDocument": policy, "context": {"level": 3}, "isAuthorized": true});
        Ok(if name == "gate" { answer } else { json!({}) }.to_string())
    };
    Bench::new(manifest(vec![with_trigger("gate", trigger), route]), vec![], Box::new(answer))
}

#[tokio::test(start_paused = true)]
async fn an_authorizer_is_asked_in_format_1_and_answers_with_a_policy() {
    let bench = gated_in_format_1();
    let get = |token: &'static str| bench.send(Request::get("/a/7?q=1&q=2").header("x-token", token), b"");
    assert_eq!([get("Allow").await.status(), get("Deny").await.status()], [200, 403]);
    assert_eq!(get("").await.status(), 401);
    let [(_, told), (_, event), _] = <[_; 3]>::try_from(bench.calls()).unwrap();
    assert_eq!(event["requestContext"]["authorizer"], json!({"lambda": {"level": 3}}));
    let members: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
    expect![[r#"
        authorizationToken headers httpMethod identitySource methodArn path pathParameters queryStringParameters requestContext resource stageVariables type version"#]].assert_eq(&members.join(" "));
    for (member, expected) in [
        ("version", json!("1.0")),
        ("type", json!("REQUEST")),
        ("identitySource", json!("Allow")),
        ("authorizationToken", json!("Allow")),
        ("resource", json!("/a/{id}")),
        ("httpMethod", json!("GET")),
        ("queryStringParameters", json!({"q": "2"})),
        ("pathParameters", json!({"id": "7"})),
        ("stageVariables", json!({})),
    ] {
        assert_eq!(told[member], expected, "{member}");
    }
    assert_eq!(told["headers"]["x-token"], "Allow");
    assert_eq!(told["requestContext"]["resourcePath"], "/a/{id}");
    assert!(told["methodArn"].as_str().unwrap().ends_with("/$default/GET/a/7"));
}

#[tokio::test(start_paused = true)]
async fn a_route_takes_so_many_requests() {
    let mut limited = function("a", "GET /a", Auth::Public);
    if let Trigger::Http { guards, .. } = &mut limited.trigger {
        guards.throttle = Some(Throttle { rate: 2, burst: 1 });
    }
    let functions = manifest(vec![limited, function("b", "GET /b", Auth::Public)]);
    let bench = Bench::new(functions, vec![], Box::new(|_, _| Ok("{}".into())));
    assert_eq!(get(&bench, "/a").await, 200);
    let refused = bench.send(Request::get("/a"), b"").await;
    assert_eq!((refused.status().as_u16(), refused.body().as_ref()), (429, &br#"{"message":"Too Many Requests"}"#[..]));
    assert_eq!([get(&bench, "/b").await, get(&bench, "/b").await], [200, 200]);
    tokio::time::advance(Duration::from_millis(500)).await;
    assert_eq!([get(&bench, "/a").await, get(&bench, "/a").await], [200, 429]);
}
