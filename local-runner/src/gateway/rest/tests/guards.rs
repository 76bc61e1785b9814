//! What stands before a function: limits, the requests' shape, replies that are kept, and the API's own words.

use http::StatusCode;
use skyloom_manifest::{
    GatewayResponse, Guards, Period, Quota, ResponseType, RestApi as Rest, RouteCache, Throttle, Trigger, UsagePlan,
};

use super::*;
use crate::gateway::tests::with_trigger;

fn api(rest: Rest) -> Api {
    Api { kind: ApiKind::Rest(rest), ..rest_api() }
}

fn guarded(name: &str, route: &str, auth: Auth, guards: Guards) -> Function {
    let mut function = function(name, route, auth);
    if let Trigger::Http { guards: of_route, .. } = &mut function.trigger {
        **of_route = guards;
    }
    function
}

fn throttled(rate: u32, burst: u32) -> Guards {
    Guards { throttle: Some(Throttle { rate, burst }), ..Guards::default() }
}

fn bench(api: Api, functions: Vec<Function>) -> Bench {
    Bench::of_api(api, functions, vec![], Box::new(|_, _| Ok(r#"{"body":"fresh"}"#.into())))
}

async fn status(bench: &Bench, path: &str) -> u16 {
    bench.send(Request::get(path), b"").await.status().as_u16()
}

#[tokio::test(start_paused = true)]
async fn a_route_takes_what_it_says_and_others_what_the_api_says() {
    let api = Api { throttle: Some(Throttle { rate: 1, burst: 1 }), ..rest_api() };
    let functions = vec![
        guarded("a", "GET /a", Auth::Public, throttled(10, 2)),
        function("b", "GET /b", Auth::Public),
        function("c", "GET /c", Auth::Public),
    ];
    let bench = bench(api, functions);
    let statuses = [
        status(&bench, "/a").await,
        status(&bench, "/a").await,
        status(&bench, "/b").await,
        status(&bench, "/c").await,
    ];
    assert_eq!(statuses, [200; 4]);
    check(
        &bench.send(Request::get("/a"), b"").await,
        expect![[r#"
        429
        content-type: application/json
        x-amzn-errortype: TooManyRequestsException
        content-length: 31
        x-amzn-requestid: d879d55d-657d-431d-a993-392fe401f727
        x-amz-apigw-id: uMnAK5KKvPN6WvQ=
        {"message":"Too Many Requests"}"#]],
    )
    .await;
    assert_eq!(status(&bench, "/b").await, 429);
    tokio::time::advance(Duration::from_millis(100)).await;
    assert_eq!([status(&bench, "/a").await, status(&bench, "/b").await], [200, 429]);
    assert_eq!(bench.calls().len(), 5, "what is throttled is not paid for");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_request_does_not_reach_an_authorizer() {
    let auth = Auth::Authorizer { function: "gate".into() };
    let gate = crate::gateway::tests::with_trigger(
        "gate",
        Trigger::Authorizer { principal: "Partner".into(), cache: 0, options: Box::default() },
    );
    let bench = bench(rest_api(), vec![gate, guarded("a", "GET /a", auth, throttled(1, 1))]);
    let send = || bench.send(Request::get("/a").header("authorization", "x"), b"");
    assert_eq!(
        (send().await.status(), send().await.status()),
        (StatusCode::INTERNAL_SERVER_ERROR, StatusCode::TOO_MANY_REQUESTS)
    );
    assert_eq!(bench.names(), ["gate"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_has_its_plan_and_no_more() {
    let plan = UsagePlan {
        throttle: Some(Throttle { rate: 1, burst: 2 }),
        quota: Some(Quota { limit: 3, period: Period::Day }),
    };
    let bench = bench(
        api(Rest { usage_plan: Some(plan), ..Rest::default() }),
        vec![function("a", "GET /a", Auth::ApiKey), function("b", "GET /b", Auth::Public)],
    );
    let key = bench.api.api_key().to_owned();
    let send = || bench.send(Request::get("/a").header("x-api-key", &key), b"");
    assert_eq!((send().await.status(), send().await.status()), (StatusCode::OK, StatusCode::OK));
    let refused = send().await;
    assert_eq!(refused.headers()["x-amzn-errortype"], "TooManyRequestsException");
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(send().await.status(), 200);
    check(
        &send().await,
        expect![[r#"
        429
        content-type: application/json
        x-amzn-errortype: LimitExceededException
        content-length: 28
        x-amzn-requestid: d879d55d-657d-431d-a993-392fe401f727
        x-amz-apigw-id: uMnAK5KKvPN6WvQ=
        {"message":"Limit Exceeded"}"#]],
    )
    .await;
    let wrong = bench.send(Request::get("/a").header("x-api-key", "guess"), b"").await;
    assert_eq!((wrong.status().as_u16(), status(&bench, "/b").await), (403, 200));
    tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
    assert_eq!(send().await.status(), 200);
}

fn validated(validate: bool) -> Bench {
    validating(Rest { validate, ..Rest::default() })
}

/// `POST /orders`, which takes a query parameter and a JSON body.
fn validating(rest: Rest) -> Bench {
    let mut function = function("order", "POST /orders", Auth::Public);
    function.operation = serde_json::from_value(json!({
        "parameters": [
            {"place": "query", "name": "shop", "required": true},
            {"place": "query", "name": "currency", "required": true},
            {"place": "query", "name": "note", "required": false},
            {"place": "header", "name": "if-match", "required": true},
        ],
        "body": {"content-type": "application/json", "required": true, "schema": {
            "type": "object", "required": ["item", "count"],
            "properties": {"item": {"type": "string", "maxLength": 5}, "count": {"type": "integer", "minimum": 1}},
        }},
        "replies": [],
    }))
    .unwrap();
    bench(api(rest), vec![function])
}

async fn check_order(query: &str, content_type: Option<&str>, body: &str, status: u16, said: &str) {
    let bench = validated(true);
    let mut request = Request::post(format!("/orders{query}"));
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let response = bench.send(request, body.as_bytes()).await;
    let answered = String::from_utf8_lossy(response.body()).into_owned();
    assert_eq!((response.status().as_u16(), answered.as_str()), (status, said), "{query} {body}");
    if status == 400 {
        assert_eq!(response.headers()["x-amzn-errortype"], "BadRequestException");
        assert!(bench.calls().is_empty());
    }
}

const QUERY: &str = "?shop=1&currency=EUR";
const JSON: Option<&str> = Some("application/json");
const INVALID: &str = r#"{"message": "Invalid request body"}"#;

#[tokio::test(start_paused = true)]
async fn parameters_that_are_missing_are_told_before_the_body() {
    let missing = r#"{"message": "Missing required request parameters: [currency, shop]"}"#;
    check_order("", JSON, "{}", 400, missing).await;
    check_order(
        "?note=1&currency=EUR",
        JSON,
        "{}",
        400,
        r#"{"message": "Missing required request parameters: [shop]"}"#,
    )
    .await;
    check_order(
        "?shop=&currency=EUR",
        JSON,
        "{}",
        400,
        r#"{"message": "Missing required request parameters: [shop]"}"#,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_body_fits_the_type_of_its_argument() {
    let right = r#"{"item":"book","count":1,"more":true}"#;
    check_order(QUERY, JSON, right, 200, "fresh").await;
    check_order(QUERY, Some("application/json; charset=utf-8"), right, 200, "fresh").await;
    for wrong in ["", "{", "[]", r#"{"item":"book"}"#, r#"{"item":"books!","count":1}"#, r#"{"item":"book","count":0}"#]
    {
        check_order(QUERY, JSON, wrong, 400, INVALID).await;
    }
    check_order(QUERY, None, "", 400, INVALID).await; // as LocalStack's tests recorded it
}

#[tokio::test(start_paused = true)]
async fn why_a_body_does_not_fit_can_be_told() {
    let body = r#"{"message":$context.error.messageString,"why":"$context.error.validationErrorString"}"#;
    let gateway_responses = vec![response(ResponseType::BadRequestBody, body)];
    let bench = validating(Rest { validate: true, gateway_responses, ..Rest::default() });
    for (body, why) in [
        ("{}", r#"[object has missing required properties (["count","item"])]"#),
        (
            r#"{"item":"books!","count":0}"#,
            r#"[numeric instance is lower than the required minimum (minimum: 1, found: 0), string "books!" is too long (length: 6, maximum allowed: 5)]"#,
        ),
        ("{", ""),
    ] {
        let response = bench.send(Request::post(format!("/orders{QUERY}")), body.as_bytes()).await;
        let said: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(said, json!({"message": "Invalid request body", "why": why}));
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_of_another_type_has_no_model() {
    check_order(QUERY, Some("text/csv"), "book,1", 200, "fresh").await;
    let unguarded = validated(false);
    let response = unguarded.send(Request::post("/orders"), b"{").await;
    assert_eq!((response.status().as_u16(), unguarded.calls().len()), (200, 1));
}

fn cached(ttl: u32, query: &[&str], headers: &[&str]) -> Guards {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let cache = RouteCache { ttl, query: names(query), headers: names(headers), shared: false };
    Guards { cache: Some(cache), ..Guards::default() }
}

/// `GET /items/{id}`, whose replies count the calls.
fn counting(guards: Guards) -> Bench {
    let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    Bench::of_api(
        api(Rest { cache_size: Some("0.5".into()), ..Rest::default() }),
        vec![guarded("item", "GET /items/{id}", Auth::Public, guards)],
        vec![],
        Box::new(move |_, event| {
            let number = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let body = if event["path"] == "/items/long" { "x".repeat(1_048_577) } else { number.to_string() };
            let status = if event["path"] == "/items/none" { 404 } else { 200 };
            Ok(json!({"statusCode": status, "body": body}).to_string())
        }),
    )
}

async fn said(bench: &Bench, request: http::request::Builder) -> String {
    String::from_utf8_lossy(bench.send(request, b"").await.body()).into_owned()
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_kept_for_its_time() {
    let bench = counting(cached(60, &[], &[]));
    for _ in 0..2 {
        assert_eq!(said(&bench, Request::get("/items/1")).await, "0");
    }
    assert_eq!(said(&bench, Request::get("/items/2")).await, "1", "the path tells replies apart");
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(said(&bench, Request::get("/items/1")).await, "0");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(said(&bench, Request::get("/items/1")).await, "2");
}

#[tokio::test(start_paused = true)]
async fn only_what_is_in_the_key_tells_replies_apart() {
    let bench = counting(cached(60, &["page"], &["Authorization"]));
    let get = |path: &str, token: &str| Request::get(format!("/items/1{path}")).header("authorization", token);
    assert_eq!(said(&bench, get("?page=1", "ann")).await, "0");
    assert_eq!(said(&bench, get("?page=2", "ann")).await, "1");
    assert_eq!(said(&bench, get("?page=1", "bob")).await, "2");
    assert_eq!(said(&bench, get("?page=1&other=9", "ann")).await, "0", "the trap: `other` is not in the key");
    assert_eq!(said(&bench, get("?page=1", "ann")).await, "0");
}

#[tokio::test(start_paused = true)]
async fn a_failed_reply_is_kept_and_a_long_one_is_not() {
    let bench = counting(cached(60, &[], &[]));
    for _ in 0..2 {
        assert_eq!(said(&bench, Request::get("/items/none")).await, "0");
    }
    for _ in 0..2 {
        assert_eq!(said(&bench, Request::get("/items/long")).await.len(), 1_048_577);
    }
    assert_eq!(bench.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_a_new_reply_gets_the_old_one_and_a_warning() {
    let bench = counting(cached(60, &[], &[]));
    said(&bench, Request::get("/items/1")).await;
    let response = bench.send(Request::get("/items/1").header("cache-control", "max-age=0"), b"").await;
    assert_eq!(response.body().as_ref(), b"0");
    assert_eq!(
        response.headers()["warning"],
        "199 Cache-control headers were ignored because the caller was unauthorized."
    );
    let plain = bench.send(Request::get("/items/1"), b"").await;
    assert_eq!((plain.body().as_ref(), plain.headers().get("warning")), (&b"0"[..], None));
}

fn response(response: ResponseType, body: &str) -> GatewayResponse {
    let headers = std::collections::BTreeMap::new();
    GatewayResponse { response, status: None, headers, body: Some(body.into()), content_type: None }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_can_tell_what_the_authorizer_said_of_the_caller() {
    let body =
        r#"{"why":"$context.authorizer.reason","who":"$context.authorizer.principalId","x":"$context.authorizer.x"}"#;
    let gateway_responses = vec![response(ResponseType::AccessDenied, body), response(ResponseType::Default5xx, body)];
    let protected = Auth::Authorizer { function: "gate".into() };
    let trigger = Trigger::Authorizer { principal: "Partner".into(), cache: 0, options: Box::default() };
    let functions = vec![with_trigger("gate", trigger), function("a", "GET /a", protected)];
    let answer = |name: &str, event: &Value| {
        let effect = event["authorizationToken"].as_str().filter(|_| name == "gate").ok_or_else(failure)?;
        let statement = json!([{"Action": "execute-api:Invoke", "Effect": effect, "Resource": "*"}]);
        let policy = json!({"Version": "2012-10-17", "Statement": statement});
        Ok(json!({"principalId": "ann", "policyDocument": policy, "context": {"reason": "overdue"}}).to_string())
    };
    let bench = Bench::of_api(api(Rest { gateway_responses, ..Rest::default() }), functions, vec![], Box::new(answer));
    let said = r#"{"why":"overdue","who":"ann","x":""}"#;
    for (effect, status) in [("Deny", 403), ("Allow", 502)] {
        let response = bench.send(Request::get("/a").header("authorization", effect), b"").await;
        assert_eq!((response.status().as_u16(), response.body().as_ref()), (status, said.as_bytes()), "{effect}");
    }
}

fn failure() -> InvokeError {
    InvokeError::Failed(FunctionError { error_type: "Broken".into(), error_message: "as told".into() })
}

#[tokio::test(start_paused = true)]
async fn a_compressed_body_is_undone_and_what_cannot_be_is_refused_before_the_route_is_known() {
    let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175, 172, 27, 86, 7, 0, 0, 0];
    let bench = Bench::of("POST /a");
    let event = bench.event(Request::post("/a").header("content-encoding", "gzip"), &gzip).await;
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(r#"{"a":1}"#), &json!(false)));
    assert_eq!(event["headers"]["content-encoding"], "gzip", "AWS leaves it there");
    let refused = bench.send(Request::post("/nowhere").header("content-encoding", "br"), b"x").await;
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_ref()),
        (415, &br#"{"message": "Unsupported Media Type"}"#[..])
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_in_the_apis_own_words() {
    let responses = vec![
        GatewayResponse {
            response: ResponseType::MissingAuthenticationToken,
            status: Some(404),
            headers: [("x-shop".to_owned(), "1".to_owned())].into(),
            body: Some(r#"{"title":$context.error.messageString,"at":"$context.httpMethod $context.path"}"#.into()),
            content_type: Some("application/problem+json".into()),
        },
        GatewayResponse {
            response: ResponseType::Default4xx,
            status: None,
            headers: std::collections::BTreeMap::new(),
            body: Some(r#"{"type":"$context.error.responseType","route":"$context.resourcePath"}"#.into()),
            content_type: None,
        },
    ];
    let cors = Cors { origins: vec!["https://a.example".into()], ..Cors::default() };
    let api = Api { cors: Some(cors), ..api(Rest { gateway_responses: responses, ..Rest::default() }) };
    let bench = bench(api, vec![function("a", "GET /a/{id}", Auth::ApiKey)]);
    check(
        &bench.send(Request::get("/nowhere"), b"").await,
        expect![[r#"
        404
        content-type: application/problem+json
        x-amzn-errortype: MissingAuthenticationTokenException
        access-control-allow-origin: https://a.example
        x-shop: 1
        content-length: 68
        x-amzn-requestid: 78382582-2a6f-4e62-9a21-90e828e4c9d2
        x-amz-apigw-id: jHZU7P17C2I7gD4=
        {"title":"Missing Authentication Token","at":"GET /default/nowhere"}"#]],
    )
    .await;
    check(
        &bench.send(Request::get("/a/1"), b"").await,
        expect![[r#"
        403
        content-type: application/json
        x-amzn-errortype: ForbiddenException
        access-control-allow-origin: https://a.example
        content-length: 44
        x-amzn-requestid: 3ed2b061-1e97-4a9c-be87-c83e7ed97c2d
        x-amz-apigw-id: rfIcA0Gk38oyAMI=
        {"type":"INVALID_API_KEY","route":"/a/{id}"}"#]],
    )
    .await;
    assert_eq!(bench.send(Request::get("/nowhere").header("authorization", "x"), b"").await.status(), 403);
}
