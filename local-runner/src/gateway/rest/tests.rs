//! The whole API: a request in, a reply out.

mod authorizers;
mod guards;
mod identity;
mod resource_policy;

use std::{net::Ipv4Addr, sync::Mutex, time::UNIX_EPOCH};

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use skyloom_manifest::{ApiKind, Auth, Function, bridge::FunctionError};

use super::*;
use crate::{
    gateway::tests::{Answer, function, manifest, show},
    iam::{self, Iam},
    invoke::InvokeError,
    signed::Signatures,
    site::Site,
};

/// An API before functions that keep each event and answer as they are told to.
struct Bench {
    api: RestApi,
    calls: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Bench {
    fn new(functions: Vec<Function>, issuers: Vec<Issuer>, answer: Answer) -> Self {
        Self::of_api(rest_api(), functions, issuers, answer)
    }

    fn of_api(api: Api, functions: Vec<Function>, issuers: Vec<Issuer>, answer: Answer) -> Self {
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
        let (api, _) = serve(api, functions, issuers, invoke);
        Self { api, calls }
    }

    /// An API with one public method, whose function answers 200.
    fn of(route: &str) -> Self {
        Self::new(vec![function("handler", route, Auth::Public)], vec![], Box::new(|_, _| Ok("{}".into())))
    }

    fn answering(answer: Result<String, InvokeError>) -> Self {
        let functions = vec![function("handler", "ANY /", Auth::Public)];
        Self::new(functions, vec![], Box::new(move |_, _| answer.clone()))
    }

    async fn send(&self, request: http::request::Builder, body: &[u8]) -> Response<Bytes> {
        let request = request.body(Bytes::copy_from_slice(body)).unwrap();
        self.api.handle(request, IpAddr::from([203, 0, 113, 7])).await
    }

    fn calls(&self) -> Vec<(String, Value)> {
        self.calls.lock().unwrap().clone()
    }

    fn names(&self) -> Vec<String> {
        self.calls().into_iter().map(|(name, _)| name).collect()
    }

    async fn event(&self, request: http::request::Builder, body: &[u8]) -> Value {
        let response = self.send(request, body).await;
        assert_eq!(response.status(), 200, "{response:?}");
        self.calls().pop().unwrap().1
    }
}

fn rest_api() -> Api {
    Api { kind: ApiKind::Rest(skyloom_manifest::RestApi::default()), ..Api::undeclared() }
}

fn binary(types: &[&str]) -> Api {
    let binary_media_types = types.iter().map(|it| (*it).to_owned()).collect();
    Api { kind: ApiKind::Rest(skyloom_manifest::RestApi { binary_media_types, ..Default::default() }), ..rest_api() }
}

fn serve(api: Api, functions: Vec<Function>, issuers: Vec<Issuer>, invoke: Invoke) -> (RestApi, Clock) {
    let manifest = Manifest { apis: vec![api], ..manifest(functions) };
    let api = &manifest.apis[0];
    let site = Site::new("orders", "us-east-1");
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_millis(1_584_039_838_390));
    let iam = Iam::new(&manifest, &site, None, (&clock, &Random::seeded(2))).unwrap();
    let signatures = Signatures::new(move |request, access, policy| iam.judge_route(request, access, policy));
    let settings = (api, api.rest().unwrap(), Settings { signatures, ..Settings::of(&site, api) });
    (RestApi::new(&manifest, settings, (clock.clone(), Random::seeded(1)), invoke, issuers), clock)
}

async fn check(response: &Response<Bytes>, expected: Expect) {
    expected.assert_eq(&show(response));
}

async fn check_answer(answer: Result<String, InvokeError>, status: u16, body: &str) {
    let response = Bench::answering(answer).send(Request::get("/"), b"").await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (status, body.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn an_event_has_payload_format_1() {
    let request = Request::post("//orders/caf%C3%A9/?tag=a&tag=b%2Bc+d&empty=")
        .header("host", "shop.example")
        .header("User-Agent", "agent")
        .header("cookie", "session=abc")
        .header("authorization", "Bearer x")
        .header("content-type", "application/json")
        .header("content-length", "7")
        .header("x-forwarded-for", "198.51.100.1")
        .header("x-many", "1")
        .header("x-many", "2");
    let event = Bench::of("POST /orders/{id}").event(request, br#"{"a":1}"#).await;
    expect![[r#"
        {
          "body": "{\"a\":1}",
          "headers": {
            "Authorization": "Bearer x",
            "Host": "shop.example",
            "User-Agent": "agent",
            "X-Amzn-Trace-Id": "Root=1-5e6a879e-532deabf88729cb43995ab5a",
            "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
            "X-Forwarded-Port": "443",
            "X-Forwarded-Proto": "https",
            "content-type": "application/json",
            "cookie": "session=abc",
            "x-many": "2"
          },
          "httpMethod": "POST",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "Authorization": [
              "Bearer x"
            ],
            "Host": [
              "shop.example"
            ],
            "User-Agent": [
              "agent"
            ],
            "X-Amzn-Trace-Id": [
              "Root=1-5e6a879e-532deabf88729cb43995ab5a"
            ],
            "X-Forwarded-For": [
              "198.51.100.1, 203.0.113.7"
            ],
            "X-Forwarded-Port": [
              "443"
            ],
            "X-Forwarded-Proto": [
              "https"
            ],
            "content-type": [
              "application/json"
            ],
            "cookie": [
              "session=abc"
            ],
            "x-many": [
              "1",
              "2"
            ]
          },
          "multiValueQueryStringParameters": {
            "empty": [
              ""
            ],
            "tag": [
              "a",
              "b+c d"
            ]
          },
          "path": "/orders/caf%C3%A9/",
          "pathParameters": {
            "id": "caf%C3%A9"
          },
          "queryStringParameters": {
            "empty": "",
            "tag": "b+c d"
          },
          "requestContext": {
            "accountId": "000000000000",
            "apiId": "2w4da4imld",
            "deploymentId": "juvnrx",
            "domainName": "2w4da4imld.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "2w4da4imld",
            "extendedRequestId": "jHZU7P17C2I7gD4=",
            "httpMethod": "POST",
            "identity": {
              "accessKey": null,
              "accountId": null,
              "caller": null,
              "cognitoAuthenticationProvider": null,
              "cognitoAuthenticationType": null,
              "cognitoIdentityId": null,
              "cognitoIdentityPoolId": null,
              "principalOrgId": null,
              "sourceIp": "203.0.113.7",
              "user": null,
              "userAgent": "agent",
              "userArn": null
            },
            "path": "/default/orders/caf%C3%A9/",
            "protocol": "HTTP/1.1",
            "requestId": "78382582-2a6f-4e62-9a21-90e828e4c9d2",
            "requestTime": "12/Mar/2020:19:03:58 +0000",
            "requestTimeEpoch": 1584039838390,
            "resourceId": "4qbxig",
            "resourcePath": "/orders/{id}",
            "stage": "default"
          },
          "resource": "/orders/{id}",
          "stageVariables": null
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&event).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_body_or_parameters_has_null_for_them() {
    let event = Bench::of("GET /").event(Request::get("/"), b"").await;
    for absent in
        ["body", "pathParameters", "queryStringParameters", "multiValueQueryStringParameters", "stageVariables"]
    {
        assert_eq!(event[absent], Value::Null, "{absent}");
    }
    assert_eq!(
        (&event["isBase64Encoded"], &event["path"], &event["requestContext"]["path"]),
        (&json!(false), &json!("/"), &json!("/default/"))
    );
    assert_eq!(event["requestContext"].get("authorizer"), None);
}

#[tokio::test(start_paused = true)]
async fn only_bodies_of_binary_media_types_come_through_as_bytes() {
    let png = || Request::post("/").header("content-type", "image/png").header("accept", "image/png");
    let answer = r#"{"body":"AP8=","isBase64Encoded":true}"#;
    for (types, sent, encoded, reply) in [
        (&["image/*"][..], "AP8=", true, &[0, 255][..]),
        (&["*/*"], "AP8=", true, &[0, 255]),
        (&["application/pdf"], "\0\u{fffd}", false, b"AP8="),
        (&[], "\0\u{fffd}", false, b"AP8="),
    ] {
        let functions = vec![function("handler", "POST /", Auth::Public)];
        let bench = Bench::of_api(binary(types), functions, vec![], Box::new(move |_, _| Ok(answer.into())));
        let response = bench.send(png(), &[0, 255]).await;
        let event = bench.calls().pop().unwrap().1;
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(sent), &json!(encoded)), "{types:?}");
        assert_eq!(response.body().as_ref(), reply, "{types:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_asked_for_and_told_to_the_function() {
    let functions = vec![function("handler", "GET /", Auth::ApiKey)];
    let bench = Bench::new(functions, vec![], Box::new(|_, _| Ok("{}".into())));
    let key = bench.api.0.settings.api_key.clone();
    for request in [Request::get("/"), Request::get("/").header("x-api-key", "guess")] {
        let response = bench.send(request, b"").await;
        assert_eq!((response.status().as_u16(), response.body().as_ref()), (403, &br#"{"message":"Forbidden"}"#[..]));
        assert_eq!(response.headers()["x-amzn-errortype"], "ForbiddenException");
    }
    assert!(bench.calls().is_empty());
    let event = bench.event(Request::get("/").header("x-api-key", &key), b"").await;
    assert_eq!(event["requestContext"]["identity"]["apiKey"], json!(key));
}

#[tokio::test(start_paused = true)]
async fn nobody_can_sign_a_request_here() {
    let functions = vec![function("handler", "GET /", Auth::Iam)];
    let bench = Bench::new(functions, vec![], Box::new(|_, _| Ok("{}".into())));
    assert_eq!(bench.send(Request::get("/").header("authorization", "AWS4-HMAC-SHA256 x"), b"").await.status(), 403);
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_api_answers_preflights_itself_and_lets_pages_read_its_refusals_but_adds_nothing_to_replies() {
    let cors = Cors { origins: vec!["https://a.example".into()], methods: vec!["GET".into()], ..Cors::default() };
    let api = Api { cors: Some(cors), ..rest_api() };
    let functions = vec![function("handler", "ANY /a", Auth::Public), function("keyed", "GET /keyed", Auth::ApiKey)];
    let bench = Bench::of_api(api, functions, vec![], Box::new(|_, _| Ok("{}".into())));
    let send = |method: &'static str, path: &'static str| {
        let request = Request::builder().method(method).uri(path).header("origin", "https://a.example");
        bench.send(request, b"")
    };
    let preflight = send("OPTIONS", "/a").await;
    assert_eq!((preflight.status().as_u16(), bench.calls().len()), (204, 0));
    assert_eq!(preflight.headers()["access-control-allow-methods"], "GET");
    assert_eq!(preflight.headers().get("x-amzn-trace-id"), None);
    let refusal = send("GET", "/keyed").await;
    assert_eq!(
        (refusal.status().as_u16(), &refusal.headers()["access-control-allow-origin"]),
        (403, &HeaderValue::from_static("https://a.example"))
    );
    let reply = send("GET", "/a").await;
    assert_eq!((reply.status().as_u16(), reply.headers().get("access-control-allow-origin")), (200, None));
}

#[tokio::test(start_paused = true)]
async fn a_reply_has_ids_and_a_trace() {
    let bench = Bench::answering(Ok(r#"{"statusCode":200,"body":"Hello"}"#.into()));
    let request = Request::get("/").header("x-amzn-trace-id", "Root=1-5e6a879e-0a1b2c3d4e5f60718293a4b5");
    check(
        &bench.send(request, b"").await,
        expect![[r#"
            200
            content-type: application/json
            x-amzn-trace-id: Root=1-5e6a879e-0a1b2c3d4e5f60718293a4b5
            content-length: 5
            x-amzn-requestid: 78382582-2a6f-4e62-9a21-90e828e4c9d2
            x-amz-apigw-id: jHZU7P17C2I7gD4=
            Hello"#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_no_method_takes_misses_a_token() {
    let bench = Bench::of("GET /orders");
    check(
        &bench.send(Request::get("/nowhere"), b"").await,
        expect![[r#"
        403
        content-type: application/json
        x-amzn-errortype: MissingAuthenticationTokenException
        content-length: 42
        x-amzn-requestid: 78382582-2a6f-4e62-9a21-90e828e4c9d2
        x-amz-apigw-id: jHZU7P17C2I7gD4=
        {"message":"Missing Authentication Token"}"#]],
    )
    .await;
    assert_eq!(bench.send(Request::post("/orders"), b"").await.status(), 403);
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_token_on_a_route_that_is_not_there_is_taken_for_a_signature() {
    let response =
        Bench::of("GET /orders").send(Request::get("/nowhere").header("authorization", "Bearer x"), b"").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-amzn-errortype"]),
        (403, &HeaderValue::from_static("IncompleteSignatureException"))
    );
    let body = String::from_utf8_lossy(response.body());
    assert!(body.contains("Invalid key=value pair (missing equal-sign) in Authorization header"), "{body}");
    let basic = Request::get("/nowhere").header("authorization", "Basic dTpwYXNz==");
    let response = Bench::of("GET /orders").send(basic, b"").await;
    let body = String::from_utf8_lossy(response.body()).into_owned();
    expect![[r#"{"message":"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=SJAod7Z/SvE58k03kvrffYKWctCQdX6tfWxA0pSoTtU="}"#]]
    .assert_eq(&body);
}

/// Signed by the owner of the account, of that moment.
fn signed(path: &str, secret: &str) -> http::request::Builder {
    let uri: Uri = format!("https://api.localhost{path}").parse().unwrap();
    let mut headers = HeaderMap::new();
    let credentials = iam::Credentials { secret_access_key: secret.into(), ..Iam::owner_credentials() };
    iam::sign(("GET", &uri, b""), &mut headers, &credentials, ("20200312T190358Z", "us-east-1", iam::SERVICE));
    let request = Request::get(path).header("host", "api.localhost");
    headers.iter().fold(request, |request, (name, value)| request.header(name, value))
}

#[tokio::test(start_paused = true)]
async fn a_signed_request_that_no_method_takes_is_told_so() {
    let bench = Bench::of("GET /orders");
    let response = bench.send(signed("/a/nope?q=1", "local"), b"").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-amzn-errortype"]),
        (404, &"NotFoundException".parse().unwrap())
    );
    let expected = br#"{"message":"No method found matching route a/nope for http method GET."}"#;
    assert_eq!(response.body().as_ref(), expected);
    let forged = bench.send(signed("/a/nope", "guessed"), b"").await;
    assert_eq!(
        (forged.status().as_u16(), &forged.headers()["x-amzn-errortype"]),
        (403, &"InvalidSignatureException".parse().unwrap())
    );
}

#[tokio::test(start_paused = true)]
async fn whose_signature_is_wrong_is_told_what_it_should_have_been_of() {
    let functions = vec![function("handler", "GET /orders", Auth::Iam)];
    let bench = Bench::new(functions, vec![], Box::new(|_, _| Ok("{}".into())));
    assert_eq!(bench.send(signed("/orders?b=1&a=2", "local"), b"").await.status(), 200);
    let refused = bench.send(signed("/orders?b=1&a=2", "guessed"), b"").await;
    let body: Value = serde_json::from_slice(refused.body()).unwrap();
    expect![[r#"
        The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.

        The Canonical String for this request should have been
        'GET
        /orders
        a=2&b=1
        host:api.localhost
        x-amz-date:20200312T190358Z

        host;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

        The String-to-Sign should have been
        'AWS4-HMAC-SHA256
        20200312T190358Z
        20200312/us-east-1/execute-api/aws4_request
        36fa1df5f6a72e77ceb4ceffae1fdbe487c037118ffb68a5b29e07a85ff86227'
    "#]].assert_eq(body["message"].as_str().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_failed_slow_throttled_or_overfed_function_has_the_status_of_a_rest_api() {
    let failed = FunctionError { error_type: "E".into(), error_message: "m".into() };
    let internal = r#"{"message": "Internal server error"}"#;
    let timed_out = r#"{"message": "Endpoint request timed out"}"#;
    let request_id = String::from("r");
    check_answer(Err(InvokeError::Failed(failed)), 502, internal).await;
    check_answer(Err(InvokeError::TimedOut { request_id: request_id.clone(), seconds: 3 }), 502, internal).await;
    check_answer(Err(InvokeError::TimedOut { request_id: request_id.clone(), seconds: 29 }), 504, timed_out).await;
    check_answer(Err(InvokeError::Exited { request_id, how: "with error: exit status 1".into() }), 502, internal).await;
    check_answer(Err(InvokeError::Throttled), 500, internal).await;
    check_answer(Err(InvokeError::TooLarge("6 MB".into())), 413, r#"{"message":"Request Too Long"}"#).await;
    check_answer(Ok(r#"{"statusCode":"x"}"#.into()), 502, internal).await;
}

#[tokio::test(start_paused = true)]
async fn the_api_waits_29_seconds() {
    let invoke: Invoke = Arc::new(|_, _| Box::pin(std::future::pending()));
    let (api, clock) = serve(rest_api(), vec![function("handler", "GET /", Auth::Public)], vec![], invoke);
    let began = clock.since_epoch();
    let response = api.handle(Request::get("/").body(Bytes::new()).unwrap(), Ipv4Addr::LOCALHOST.into()).await;
    assert_eq!((response.status().as_u16(), (clock.since_epoch() - began).as_secs()), (504, 29));
}

#[tokio::test(start_paused = true)]
async fn what_is_too_long_or_malformed_is_refused_and_the_function_never_runs() {
    let bench = Bench::of("ANY /{proxy+}");
    let response = bench.send(Request::post("/a"), &vec![b'a'; BODY_LIMIT + 1]).await;
    assert_eq!(
        (response.status().as_u16(), response.body().as_ref()),
        (413, &b"HTTP content length exceeded 10485760 bytes."[..])
    );
    let refused = bench.send(Request::get("/a").header("x", "a".repeat(10_240)), b"").await;
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_ref()),
        (431, &b"HTTP header is larger than 10240 bytes."[..])
    );
    for malformed in ["/a%zz", "/a?b=|", "/a?{b}=1"] {
        assert_eq!(bench.send(Request::get(malformed), b"").await.status(), 400, "{malformed}");
    }
    assert_eq!(bench.api.refuse_body().status(), 413);
    assert!(bench.calls().is_empty());
    assert_eq!(bench.send(Request::post("/a"), &vec![b'a'; BODY_LIMIT]).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_head_has_the_length_of_the_body_that_it_leaves_out() {
    let bench = Bench::answering(Ok(r#"{"statusCode":200,"body":"Hello"}"#.into()));
    let response = bench.send(Request::head("/"), b"").await;
    assert_eq!((response.body().len(), &response.headers()["content-length"]), (0, &HeaderValue::from_static("5")));
}
