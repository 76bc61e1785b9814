//! Authorizers that are asked by more than a token, and those whose tokens have a form.

use skyloom_manifest::{AuthorizerOptions, IdentitySource, Trigger};

use super::*;
use crate::gateway::tests::with_trigger;

/// An API with two methods that the function `gate` lets into: whoever has a token `good` into `/a`, `all` into both.
fn gated(cache: u32, options: AuthorizerOptions) -> Bench {
    let protected = Auth::Authorizer { function: "gate".into() };
    let trigger = Trigger::Authorizer { principal: "Partner".into(), cache, options: Box::new(options) };
    let functions = vec![
        with_trigger("gate", trigger),
        function("a", "GET /a/{id}", protected.clone()),
        function("b", "GET /b", protected),
    ];
    Bench::new(
        functions,
        vec![],
        Box::new(|name, event| if name == "gate" { Ok(answer(event)) } else { Ok("{}".into()) }),
    )
}

fn answer(question: &Value) -> String {
    let method = question["methodArn"].as_str().unwrap();
    let token = question["headers"]["x-token"].as_str();
    let resource = if token == Some("all") { "*" } else { method };
    let statement = json!([{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}]);
    json!({"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": statement}}).to_string()
}

fn by(sources: &[IdentitySource]) -> AuthorizerOptions {
    AuthorizerOptions { identity: Some(sources.to_vec()), ..AuthorizerOptions::default() }
}

fn header_and_query() -> AuthorizerOptions {
    by(&[IdentitySource::Header("X-Token".into()), IdentitySource::Query("tenant".into())])
}

async fn get(bench: &Bench, path: &str, token: &str) -> u16 {
    bench.send(Request::get(path).header("x-token", token), b"").await.status().as_u16()
}

#[tokio::test(start_paused = true)]
async fn a_function_is_asked_about_the_request() {
    let bench = gated(0, header_and_query());
    let request = Request::get("/a/7?tenant=x&tag=1&tag=2").header("x-token", "good").header("user-agent", "agent");
    assert_eq!(bench.send(request, b"").await.status(), 200);
    let (_, question) = bench.calls().swap_remove(0);
    expect![[r#"
        {
          "headers": {
            "Host": "2w4da4imld.execute-api.us-east-1.amazonaws.com",
            "User-Agent": "agent",
            "X-Amzn-Trace-Id": "Root=1-5e6a879e-532deabf88729cb43995ab5a",
            "X-Forwarded-For": "203.0.113.7",
            "X-Forwarded-Port": "443",
            "X-Forwarded-Proto": "https",
            "x-token": "good"
          },
          "httpMethod": "GET",
          "methodArn": "arn:aws:execute-api:us-east-1:000000000000:2w4da4imld/default/GET/a/7",
          "multiValueHeaders": {
            "Host": [
              "2w4da4imld.execute-api.us-east-1.amazonaws.com"
            ],
            "User-Agent": [
              "agent"
            ],
            "X-Amzn-Trace-Id": [
              "Root=1-5e6a879e-532deabf88729cb43995ab5a"
            ],
            "X-Forwarded-For": [
              "203.0.113.7"
            ],
            "X-Forwarded-Port": [
              "443"
            ],
            "X-Forwarded-Proto": [
              "https"
            ],
            "x-token": [
              "good"
            ]
          },
          "multiValueQueryStringParameters": {
            "tag": [
              "1",
              "2"
            ],
            "tenant": [
              "x"
            ]
          },
          "path": "/a/7",
          "pathParameters": {
            "id": "7"
          },
          "queryStringParameters": {
            "tag": "2",
            "tenant": "x"
          },
          "requestContext": {
            "accountId": "000000000000",
            "apiId": "2w4da4imld",
            "deploymentId": "juvnrx",
            "domainName": "2w4da4imld.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "2w4da4imld",
            "extendedRequestId": "jHZU7P17C2I7gD4=",
            "httpMethod": "GET",
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
            "path": "/default/a/7",
            "protocol": "HTTP/1.1",
            "requestId": "78382582-2a6f-4e62-9a21-90e828e4c9d2",
            "requestTime": "12/Mar/2020:19:03:58 +0000",
            "requestTimeEpoch": 1584039838390,
            "resourceId": "syr9lh",
            "resourcePath": "/a/{id}",
            "stage": "default"
          },
          "resource": "/a/{id}",
          "stageVariables": {},
          "type": "REQUEST"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&question).unwrap());
}

#[tokio::test(start_paused = true)]
async fn without_all_that_says_who_calls_the_function_is_not_asked() {
    let bench = gated(0, header_and_query());
    assert_eq!(get(&bench, "/a/7", "good").await, 401);
    assert_eq!(get(&bench, "/a/7?tenant=", "good").await, 401);
    let response = bench.send(Request::get("/a/7?tenant=x"), b"").await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (401, &br#"{"message":"Unauthorized"}"#[..]));
    assert!(bench.calls().is_empty());
    let always = gated(0, by(&[]));
    assert_eq!(always.send(Request::get("/a/7"), b"").await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_remembered_for_all_that_says_who_calls_together() {
    let bench = gated(300, header_and_query());
    assert_eq!(get(&bench, "/a/7?tenant=x", "all").await, 200);
    assert_eq!(get(&bench, "/b?tenant=x", "all").await, 200);
    assert_eq!(get(&bench, "/b?tenant=y", "all").await, 200);
    assert_eq!(bench.names(), ["gate", "a", "b", "gate", "b"]);
    // `good` is let into the route that it first asked for, and while that is remembered into no other.
    assert_eq!(get(&bench, "/a/7?tenant=x", "good").await, 200);
    assert_eq!(get(&bench, "/b?tenant=x", "good").await, 403);
    assert_eq!(bench.names()[5..], ["gate", "a"]);
}

#[tokio::test(start_paused = true)]
async fn the_route_can_be_part_of_what_is_remembered() {
    let sources = [IdentitySource::Header("x-token".into()), IdentitySource::Context("resourcePath".into())];
    let bench = gated(300, by(&sources));
    assert_eq!(get(&bench, "/a/7", "good").await, 200);
    assert_eq!(get(&bench, "/b", "good").await, 200);
    assert_eq!(bench.names(), ["gate", "a", "gate", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_value_cannot_pass_for_two() {
    let sources = [IdentitySource::Query("one".into()), IdentitySource::Query("two".into())];
    let bench = gated(300, by(&sources));
    assert_eq!(get(&bench, "/a/7?one=a%00b&two=c", "all").await, 200);
    assert_eq!(get(&bench, "/a/7?one=a&two=b%00c", "good").await, 200);
    assert_eq!(get(&bench, "/a/7?one=a%22%2C%22b&two=c", "good").await, 200);
    assert_eq!(bench.names(), ["gate", "a", "gate", "a", "gate", "a"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_has_not_the_form_is_refused_without_a_question() {
    let options = AuthorizerOptions { validation: Some("^Bearer [a-z]+$".into()), ..AuthorizerOptions::default() };
    let bench = gated(0, options);
    let send = |token: &'static str| bench.send(Request::get("/a/7").header("authorization", token), b"");
    for wrong in ["Bearer 7", "bearer abc", "Bearer abc; x", ""] {
        assert_eq!(send(wrong).await.status(), 401, "{wrong}");
    }
    assert!(bench.calls().is_empty());
    assert_eq!(send("Bearer abc").await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_token_may_be_in_another_header() {
    let (token_header, validation) = (Some("X-Machine".into()), Some("^[0-9]+$".into()));
    let bench = gated(300, AuthorizerOptions { token_header, validation, ..AuthorizerOptions::default() });
    let send = |header: &'static str, token: &'static str| bench.send(Request::get("/a/7").header(header, token), b"");
    for (header, wrong) in [("authorization", "7"), ("x-machine", "seven"), ("x-machine", "")] {
        assert_eq!(send(header, wrong).await.status(), 401, "{header}: {wrong}");
    }
    assert!(bench.calls().is_empty());
    for _ in 0..2 {
        assert_eq!(send("x-machine", "7").await.status(), 200);
    }
    assert_eq!(bench.names(), ["gate", "a", "a"]);
    let (_, question) = bench.calls().swap_remove(0);
    let arn = "arn:aws:execute-api:us-east-1:000000000000:2w4da4imld/default/GET/a/7";
    assert_eq!(question, json!({"type": "TOKEN", "authorizationToken": "7", "methodArn": arn}));
}
