//! Events in payload format 1.0, as REST APIs send them, reach the same arguments as those of HTTP APIs, and are answered in that
//! format. The files have the members of events that were recorded on AWS; their values are made up.

use std::time::SystemTime;

use expect_test::{Expect, expect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use skyloom::{
    BearerToken, Bytes, Form, Header, HeaderName, HeaderValue, Json, Path, Public, Query, RequestContext, Response,
    StatusCode, Unauthorized, UserPool, handler,
};
use skyloom_local::Local;

fn event(name: &str) -> Value {
    let path = format!("{}/tests/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is there")).expect("it is JSON")
}

async fn check(app: &Local, function: &str, event: &Value, expected: Expect) {
    let answer: Value = app.invoke(function, event).await.expect("it answers");
    expected.assert_eq(&format!("{answer:#}"));
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    tag: Vec<String>,
    page: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Headers {
    if_match: Option<String>,
    #[serde(rename = "x-numbers", default)]
    numbers: Vec<u8>,
    user_agent: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Order {
    total: u32,
}

#[handler(POST "/shops/{shop}/files/{file+}", auth = Public)]
async fn describe(
    Path((shop, file)): Path<(String, String)>,
    Query(search): Query<Search>,
    Header(headers): Header<Headers>,
    Json(order): Json<Order>,
) -> String {
    format!(
        "{shop} {file} {:?} {:?} {:?} {:?} {:?} {}",
        search.tag, search.page, headers.if_match, headers.numbers, headers.user_agent, order.total
    )
}

#[handler(GET "/context", auth = Public)]
async fn context(request: RequestContext) -> String {
    let lines = [
        format!("{} {}?{}", request.method(), request.path(), request.query()),
        format!("{} {} {:?}", request.request_id(), request.stage(), request.stage_variable("lane")),
        format!("{} {:?} {}", request.domain_name(), request.source_ip(), millis(request.time())),
        format!("{:?} {:?}", request.cookies(), request.cookie("seen")),
        format!("{:?} {:?}", request.headers().get("x-numbers"), request.headers().get("cookie")),
    ];
    lines.join("\n")
}

fn millis(time: SystemTime) -> u128 {
    time.duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970").as_millis()
}

#[handler(ANY "/echo", auth = Public)]
async fn echo(body: Bytes) -> Response {
    let mut response = Response::new(StatusCode::OK, body);
    for cookie in ["a=1; Path=/", "b=2; HttpOnly"] {
        response.append_header(HeaderName::from_static("set-cookie"), HeaderValue::from_static(cookie));
    }
    response
}

#[handler(POST "/form", auth = Public)]
async fn form(_: Form<Order>) -> StatusCode {
    StatusCode::OK
}

#[handler(GET "/files/{file+}", auth = Public)]
async fn file(Path(file): Path<String>, Query(search): Query<Search>, request: RequestContext) -> String {
    format!("{file} {:?} {:?}", search.tag, request.headers().get("accept"))
}

/// What a token says of its user.
#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(groups = ["staff", "owners"])]
struct Member {
    sub: String,
    email_verified: bool,
    exp: u64,
    auth_time: u64,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
}

#[handler(GET "/me", auth = Member, groups = ["staff"])]
async fn me(member: Member) -> Json<Member> {
    Json(member)
}

#[handler(GET "/safe", auth = Member, groups = ["owners"])]
async fn safe() -> StatusCode {
    StatusCode::OK
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Partner {
    name: String,
    level: u8,
    regions: Vec<String>,
}

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    let known = token.as_str() == "secret";
    known.then(|| Partner { name: "books inc".into(), level: 3, regions: vec!["eu".into()] }).ok_or(Unauthorized::new())
}

#[handler(GET "/feed", auth = Partner)]
async fn feed(partner: Partner) -> Json<Partner> {
    Json(partner)
}

#[skyloom_local::test]
async fn every_argument_takes_its_part_of_a_rest_apis_event(app: Local) {
    check(
        &app,
        "describe",
        &event("rest_edge"),
        expect![[r#"
        {
          "body": "café a/b/c+d [\"a&b\", \"c d\"] Some(2) Some(\"\\\"v7\\\"\") [1, 2, 3] Some(\"curl/8.5.0\") 7",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "text/plain; charset=utf-8"
            ]
          },
          "statusCode": 200
        }"#]],
    )
    .await;
}

#[skyloom_local::test]
async fn the_context_is_read_from_where_a_rest_api_has_it(app: Local) {
    check(&app, "context", &event("rest_edge"), expect![[r#"
        {
          "body": "POST /shops/caf%C3%A9/files/a%2Fb/c+d?empty=&page=2&tag=a%26b&tag=c%20d\n0f7f3a52-6f0e-4f51-93a5-2d2c6e8a1b40 prod Some(\"fast\")\nq7w8e9r0t1.execute-api.eu-west-1.amazonaws.com Some(198.51.100.23) 1741541411725\n[\"session=s-81\", \"theme=dark\", \"seen=1\"] Some(\"1\")\nSome(\"1,2, 3\") Some(\"session=s-81; theme=dark; seen=1\")",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "text/plain; charset=utf-8"
            ]
          },
          "statusCode": 200
        }"#]]).await;
}

#[skyloom_local::test]
async fn a_body_goes_both_ways_in_base64_and_each_cookie_is_a_header(app: Local) {
    check(
        &app,
        "echo",
        &event("rest_regional_binary"),
        expect![[r#"
        {
          "body": "iVBORw0K/w==",
          "isBase64Encoded": true,
          "multiValueHeaders": {
            "set-cookie": [
              "a=1; Path=/",
              "b=2; HttpOnly"
            ]
          },
          "statusCode": 200
        }"#]],
    )
    .await;
}

#[skyloom_local::test]
async fn an_event_of_the_consoles_test_has_no_headers(app: Local) {
    check(
        &app,
        "echo",
        &event("rest_console"),
        expect![[r#"
        {
          "body": "",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "set-cookie": [
              "a=1; Path=/",
              "b=2; HttpOnly"
            ]
          },
          "statusCode": 200
        }"#]],
    )
    .await;
    let mut event = event("rest_console");
    event["requestContext"]["domainName"] = Value::Null;
    check(&app, "context", &event, expect![[r#"
        {
          "body": "POST /echo?\n0f7f3a52-6f0e-4f51-93a5-2d2c6e8a1b40 test-invoke-stage None\n None 1741541411725\n[] None\nNone None",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "text/plain; charset=utf-8"
            ]
          },
          "statusCode": 200
        }"#]]).await;
}

#[skyloom_local::test]
async fn what_cannot_be_had_is_refused_in_the_same_format(app: Local) {
    let answer: Value = app.invoke("form", &event("rest_regional_binary")).await.unwrap();
    assert_eq!(answer["statusCode"], 415);
    assert_eq!(answer["multiValueHeaders"]["content-type"][0], "application/problem+json");
    assert_eq!(answer.get("headers"), None);
    assert_eq!(answer.get("cookies"), None);
}

#[skyloom_local::test]
async fn a_path_that_is_no_utf_8_is_the_callers_mistake(app: Local) {
    let mut event = event("rest_edge");
    event["pathParameters"]["shop"] = "caf%E9".into();
    let answer: Value = app.invoke("describe", &event).await.unwrap();
    assert_eq!(answer["statusCode"], 400);
    assert!(answer["body"].as_str().unwrap().contains("`caf%E9` is no percent-encoded text"), "{answer}");
}

#[skyloom_local::test]
async fn an_http_api_that_sends_format_1_has_decoded_the_path(app: Local) {
    check(
        &app,
        "file",
        &event("http_format_1"),
        expect![[r#"
        {
          "body": "a b/c%2Fd [\"a\", \"b\"] Some(\"text/html,application/json\")",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "text/plain; charset=utf-8"
            ]
          },
          "statusCode": 200
        }"#]],
    )
    .await;
}

#[skyloom_local::test]
async fn a_user_is_the_same_as_behind_an_http_api(app: Local) {
    check(&app, "me", &event("rest_cognito"), expect![[r#"
        {
          "body": "{\"sub\":\"5d1c7a7e-1b2f-4c55-9d0e-6f6f0c1d2e3f\",\"email_verified\":true,\"exp\":1741545009,\"auth_time\":1741541409,\"cognito:groups\":[\"staff\",\"auditors\"]}",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "application/json"
            ]
          },
          "statusCode": 200
        }"#]]).await;
    let answer: Value = app.invoke("safe", &event("rest_cognito")).await.unwrap();
    assert_eq!(answer["statusCode"], 403);
}

#[skyloom_local::test]
async fn nobody_is_let_in_without_the_claims_of_an_authorizer(app: Local) {
    let mut unguarded = event("rest_cognito");
    unguarded["requestContext"]["authorizer"] = Value::Null;
    let answer: Value = app.invoke("me", &unguarded).await.unwrap();
    assert_eq!(answer["statusCode"], 500);
    let answer: Value = app.invoke("me", &event("rest_lambda_authorizer")).await.unwrap();
    assert_eq!(answer["statusCode"], 500);
}

#[skyloom_local::test]
async fn a_rest_api_hears_a_policy_on_all_methods_of_the_stage(app: Local) {
    check(
        &app,
        "partner",
        &event("authorizer_token"),
        expect![[r#"
            {
              "context": {
                "level": "3",
                "name": "books inc",
                "regions": "[\"eu\"]"
              },
              "policyDocument": {
                "Statement": [
                  {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": [
                      "arn:aws:execute-api:eu-west-1:210987654321:q7w8e9r0t1/prod/*/*"
                    ]
                  }
                ],
                "Version": "2012-10-17"
              },
              "principalId": "books inc"
            }"#]],
    )
    .await;
    let answers = [
        app.invoke::<Value>("partner", &event("authorizer_token")).await,
        app.invoke("partner", &event("authorizer_request")).await,
    ];
    assert_eq!(answers[0], answers[1]);
    let mut other = event("authorizer_token");
    other["authorizationToken"] = "Bearer guess".into();
    check(
        &app,
        "partner",
        &other,
        expect![[r#"
            {
              "policyDocument": {
                "Statement": [
                  {
                    "Action": "execute-api:Invoke",
                    "Effect": "Deny",
                    "Resource": [
                      "arn:aws:execute-api:eu-west-1:210987654321:q7w8e9r0t1/prod/*/*"
                    ]
                  }
                ],
                "Version": "2012-10-17"
              },
              "principalId": "nobody"
            }"#]],
    )
    .await;
}

#[skyloom_local::test]
async fn a_principal_arrives_as_the_authorizer_made_it(app: Local) {
    check(
        &app,
        "feed",
        &event("rest_lambda_authorizer"),
        expect![[r#"
        {
          "body": "{\"name\":\"books inc\",\"level\":3,\"regions\":[\"eu\"]}",
          "isBase64Encoded": false,
          "multiValueHeaders": {
            "content-type": [
              "application/json"
            ]
          },
          "statusCode": 200
        }"#]],
    )
    .await;
}

#[skyloom_local::test]
async fn an_event_of_neither_format_fails(app: Local) {
    let mut other = event("rest_edge");
    other["version"] = "3.0".into();
    let error = app.invoke::<Value>("describe", &other).await.unwrap_err();
    assert!(error.contains("the payload format `3.0` is not known"), "{error}");
    other.as_object_mut().unwrap().remove("version");
    other.as_object_mut().unwrap().remove("resource");
    let error = app.invoke::<Value>("describe", &other).await.unwrap_err();
    assert!(error.contains("missing field `resource`"), "{error}");
}
