//! Who is let in, and what a function is told of the caller.

use skyloom_manifest::Trigger;

use super::*;
use crate::gateway::{
    jwt::tests::{access_claims, id_claims, issuer, token, with},
    tests::with_trigger,
};

/// An API with methods that the function `gate` lets into, which does as the token says.
fn gated(cache: u32) -> Bench {
    let protected = Auth::Authorizer { function: "gate".into() };
    let gate =
        with_trigger("gate", Trigger::Authorizer { principal: "Partner".into(), cache, options: Box::default() });
    let functions =
        vec![gate, function("orders", "GET /orders/{id}", protected.clone()), function("feed", "GET /feed", protected)];
    Bench::new(functions, vec![], Box::new(|name, event| if name == "gate" { gate_of(event) } else { Ok("{}".into()) }))
}

fn gate_of(question: &Value) -> Result<String, InvokeError> {
    let method = question["methodArn"].as_str().unwrap();
    let stage = method.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
    let policy = |effect: &str, resource: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}]})
    };
    let answer = |document: Value| json!({"principalId": "ann", "policyDocument": document});
    let failed = |message: &str| FunctionError { error_type: "Error".into(), error_message: message.into() };
    let answer = match question["authorizationToken"].as_str().unwrap() {
        "everywhere" => answer(policy("Allow", &format!("{stage}/*/*"))),
        "here" => answer(policy("Allow", method)),
        "get" => answer(policy("Allow", &format!("{stage}/GET/*"))),
        "post" => answer(policy("Allow", &format!("{stage}/POST/*"))),
        "denied" => answer(policy("Deny", "*")),
        "context" => {
            let mut answer = answer(policy("Allow", "*"));
            answer["context"] = json!({"name": "ann", "level": 3, "trusted": true, "none": null, "principalId": "eve"});
            answer
        }
        "list" => {
            let mut answer = answer(policy("Allow", "*"));
            answer["context"] = json!({"regions": ["eu"]});
            answer
        }
        "nobody" => json!({"policyDocument": policy("Allow", "*")}),
        "no policy" => json!({"principalId": "ann"}),
        "faulty policy" => answer(json!({"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}})),
        "simple" => json!({"isAuthorized": true}),
        "unauthorized" => return Err(InvokeError::Failed(failed("Unauthorized"))),
        _ => return Err(InvokeError::Failed(failed("no such token"))),
    };
    Ok(answer.to_string())
}

async fn get(bench: &Bench, path: &str, token: &str) -> Response<Bytes> {
    bench.send(Request::get(path).header("authorization", token), b"").await
}

async fn check(token: &str, status: u16, error_type: &str, body: &str) {
    let bench = gated(0);
    let response = get(&bench, "/orders/7", token).await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (status, body.as_bytes()), "{token}");
    assert_eq!(response.headers()["x-amzn-errortype"], error_type, "{token}");
    assert_eq!(bench.names(), ["gate"], "{token}");
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_allows_the_method_lets_in() {
    for token in ["everywhere", "here", "get"] {
        let bench = gated(0);
        assert_eq!(get(&bench, "/orders/7", token).await.status(), 200, "{token}");
        assert_eq!(bench.names(), ["gate", "orders"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_denial_says_whether_it_is_explicit() {
    let body = r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#;
    check("denied", 403, "AccessDeniedException", body).await;
    let body = r#"{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}"#;
    check("post", 403, "AccessDeniedException", body).await;
}

#[tokio::test(start_paused = true)]
async fn a_function_that_fails_with_unauthorized_refuses_and_with_anything_else_is_at_fault() {
    check("unauthorized", 401, "UnauthorizedException", r#"{"message":"Unauthorized"}"#).await;
    for token in ["list", "nobody", "no policy", "faulty policy", "simple", "broken"] {
        check(token, 500, "AuthorizerConfigurationException", r#"{"message":null}"#).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_token_the_function_is_not_asked() {
    let bench = gated(0);
    let response = bench.send(Request::get("/orders/7"), b"").await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (401, &br#"{"message":"Unauthorized"}"#[..]));
    assert_eq!(get(&bench, "/orders/7", "").await.status(), 401);
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_function_is_asked_with_the_method_and_its_context_is_handed_on_as_texts() {
    let bench = gated(0);
    get(&bench, "/orders/7", "context").await;
    let [(_, asked), (_, event)] = <[_; 2]>::try_from(bench.calls()).unwrap();
    let arn = "arn:aws:execute-api:us-east-1:000000000000:2w4da4imld/default/GET/orders/7";
    assert_eq!(asked, json!({"type": "TOKEN", "methodArn": arn, "authorizationToken": "context"}));
    let expected =
        json!({"name": "ann", "level": "3", "trusted": "true", "principalId": "ann", "integrationLatency": 0});
    assert_eq!(event["requestContext"]["authorizer"], expected);
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_remembered_for_its_token_and_decides_on_other_methods_too() {
    let bench = gated(300);
    assert_eq!(get(&bench, "/orders/7", "everywhere").await.status(), 200);
    assert_eq!(get(&bench, "/feed", "everywhere").await.status(), 200);
    assert_eq!(bench.names(), ["gate", "orders", "feed"]);
    assert_eq!(get(&bench, "/orders/7", "here").await.status(), 200);
    assert_eq!(get(&bench, "/feed", "here").await.status(), 403); // the effect that surprises
    assert_eq!(bench.names()[3..], ["gate", "orders"]);
    tokio::time::advance(Duration::from_secs(300)).await;
    assert_eq!(get(&bench, "/feed", "here").await.status(), 200);
    assert_eq!(bench.names()[5..], ["gate", "feed"]);
}

#[tokio::test(start_paused = true)]
async fn too_long_an_arn_is_refused() {
    let bench = gated(0);
    assert_eq!(get(&bench, &format!("/orders/{}", "7".repeat(1_600)), "everywhere").await.status(), 414);
    assert!(bench.calls().is_empty());
}

/// An API with a method for the pool's users, and one that asks for a scope.
fn pooled() -> Bench {
    let auth = |scopes: &[&str]| Auth::UserPool {
        pool: "Shopper".into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        groups: vec![],
    };
    let functions =
        vec![function("me", "GET /me", auth(&[])), function("write", "GET /write", auth(&["orders/write"]))];
    Bench::new(functions, vec![issuer()], Box::new(|_, _| Ok("{}".into())))
}

async fn check_pool(path: &str, token: &str, status: u16, body: &str) {
    let bench = pooled();
    let response = get(&bench, path, token).await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (status, body.as_bytes()), "{path}");
    if status == 401 {
        assert_eq!(response.headers()["x-amzn-errortype"], "UnauthorizedException");
        assert_eq!(response.headers().get("www-authenticate"), None);
        assert!(bench.calls().is_empty());
    }
}

const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;

#[tokio::test(start_paused = true)]
async fn a_method_without_scopes_takes_id_tokens_and_one_with_scopes_access_tokens() {
    let (id, access) = (token(&id_claims()), token(&access_claims()));
    check_pool("/me", &id, 200, "").await;
    check_pool("/me", &format!("Bearer {id}"), 200, "").await;
    check_pool("/me", &access, 401, UNAUTHORIZED).await;
    check_pool("/write", &access, 200, "").await;
    check_pool("/write", &id, 401, UNAUTHORIZED).await;
    check_pool("/write", &token(&with(access_claims(), "scope", "orders/read")), 401, UNAUTHORIZED).await;
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_told_so_and_any_other_fault_is_not() {
    let expired = token(&with(id_claims(), "exp", 1_584_039_838));
    check_pool("/me", &expired, 401, r#"{"message":"The incoming token has expired"}"#).await;
    for token in [
        String::new(),
        "Bearer ".into(),
        "not-a-token".into(),
        token(&with(id_claims(), "aud", "other")),
        token(&with(id_claims(), "iss", "https://evil.example")),
        token(&id_claims()) + "x",
    ] {
        check_pool("/me", &token, 401, UNAUTHORIZED).await;
    }
    let response = pooled().send(Request::get("/me"), b"").await;
    assert_eq!((response.status().as_u16(), response.body().as_ref()), (401, UNAUTHORIZED.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn a_forged_token_that_has_expired_is_not_told_so() {
    let mut forged = token(&with(id_claims(), "exp", 1_584_039_838));
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'Q' } else { 'A' });
    check_pool("/me", &forged, 401, UNAUTHORIZED).await;
}

#[tokio::test(start_paused = true)]
async fn the_event_has_the_claims_as_texts() {
    let bench = pooled();
    get(&bench, "/me", &token(&id_claims())).await;
    let event = bench.calls().pop().unwrap().1;
    let claims = &event["requestContext"]["authorizer"]["claims"];
    assert_eq!(
        (&claims["cognito:groups"], &claims["exp"]),
        (&json!("staff,admin"), &json!("Thu Mar 12 20:03:58 UTC 2020"))
    );
    assert_eq!(event["requestContext"]["authorizer"].as_object().unwrap().len(), 1);
}
