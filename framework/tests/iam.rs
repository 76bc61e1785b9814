//! Routes whose callers sign, and identity pools, whose users do.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Api, Context, Iam, IdentityPool, Json, Own, Public, Read, Scan, Table, UserPool, Write, handler};
use skyloom_local::{Credentials, Local, Reply};

#[derive(Api)]
#[api(http, default)]
struct Web;

#[derive(Api)]
#[api(rest, cache_size = "0.5", policy(deny_ips = ["203.0.113.0/24"]))]
struct Desk;

#[derive(Api)]
#[api(rest, policy(allow_ips = ["203.0.113.0/24"]))]
struct Elsewhere;

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["staff"])]
#[expect(dead_code, reason = "nobody asks for it")]
struct Shopper {
    sub: String,
}

#[derive(Api)]
#[api(websocket)]
struct Live;

#[derive(Table, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    #[partition_key]
    owner: String,
    #[sort_key]
    id: String,
}

#[derive(Table, Serialize, Deserialize)]
struct Product {
    #[partition_key]
    id: String,
}

/// What a caller is told of themselves.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Me {
    arn: String,
    account: String,
    identity: Option<String>,
}

impl From<Iam> for Me {
    fn from(caller: Iam) -> Self {
        Self { arn: caller.arn, account: caller.account, identity: caller.identity.map(|identity| identity.id) }
    }
}

#[handler(GET "/me", auth = Iam)]
async fn me(caller: Iam) -> Json<Me> {
    Json(caller.into())
}

#[handler(GET "/me", auth = Iam, api = Desk)]
async fn me_at_desk(caller: Iam) -> Json<Me> {
    Json(caller.into())
}

#[handler(websocket = "$connect", api = Live, auth = Iam)]
async fn enter() {}

#[handler(websocket = "me", api = Live)]
async fn me_live(caller: Iam) -> Json<Me> {
    Json(caller.into())
}

#[handler(GET "/reports/{id}", auth = Iam, api = Desk)]
async fn report(skyloom::Path(id): skyloom::Path<String>) -> String {
    id
}

/// When it was made, which whoever is let in is told for a minute.
#[handler(GET "/made", auth = Iam, api = Desk, cache = "1m", cache_shared)]
async fn made(context: Context) -> String {
    format!("{:?}", context.now())
}

#[handler(GET "/open", auth = Public, api = Desk)]
async fn open() -> &'static str {
    "open"
}

#[handler(GET "/open", auth = Public, api = Elsewhere)]
async fn open_elsewhere() -> &'static str {
    "open"
}

#[handler(GET "/me", auth = Iam, api = Elsewhere)]
async fn me_elsewhere(caller: Iam) -> Json<Me> {
    Json(caller.into())
}

#[handler(invoke, allow("execute-api:Invoke", "arn:aws:execute-api:*:*:*/default/GET/me"))]
async fn messenger() -> Json<()> {
    Json(())
}

#[derive(IdentityPool)]
#[identity_pool(
    providers = [Shopper],
    authenticated(allow = [Own<Read<Note>>, Own<Write<Note>>], routes = [me, me_at_desk, enter, made]),
    unauthenticated(allow = [Read<Product>]),
    role(
        name = "staff", group = "staff", allow = [Scan<Note>, Read<Note>], routes = [report, made], invalidate_cache = [made]
    ),
)]
struct Visitors;

fn body(reply: &Reply) -> (u16, String, Option<String>) {
    let kind = reply.header("x-amzn-errortype").map(str::to_owned);
    (reply.status().as_u16(), reply.text(), kind)
}

#[skyloom_local::test]
async fn the_owner_may_call_every_signed_route_and_is_named(app: Local) {
    let owner = app.owner_credentials();
    let expected = Me { arn: "arn:aws:iam::000000000000:root".into(), account: "000000000000".into(), identity: None };
    let of_web: Me = app.get("/me").signed_by(&owner).send().await.expect(200).json();
    let of_desk: Me = app.api::<Desk>().get("/me").signed_by(&owner).send().await.expect(200).json();
    assert_eq!((&of_web, &of_desk), (&expected, &expected));
}

/// Everybody knows the owner's keys: a page of somebody else's, in the developer's browser, could sign with them.
#[skyloom_local::test]
async fn on_a_strangers_page_the_owners_keys_are_nobodys(app: Local) {
    let owner = app.owner_credentials();
    let invalid = r#"{"message":"The security token included in the request is invalid."}"#;
    for (name, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("host", "evil.example:3000")]
    {
        for (get, text) in [(app.get("/me"), r#"{"message":"Forbidden"}"#), (app.api::<Desk>().get("/me"), invalid)] {
            let reply = get.header(name, value).signed_by(&owner).send().await;
            assert_eq!((reply.status().as_u16(), reply.text().as_str()), (403, text), "{name}");
        }
    }
    let own_page = app.get("/me").header("origin", "http://localhost:5173").signed_by(&owner);
    own_page.send().await.expect(200);
}

#[skyloom_local::test]
async fn a_request_that_is_not_signed_right_is_refused_in_amazons_words(app: Local) {
    let desk = app.api::<Desk>();
    let missing = desk.get("/me").send().await;
    let named = |text: &str, kind: &str| (403, text.to_owned(), Some(kind.to_owned()));
    assert_eq!(
        body(&missing),
        named(r#"{"message":"Missing Authentication Token"}"#, "MissingAuthenticationTokenException")
    );
    let unknown = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", "");
    let stranger = desk.get("/me").signed_by(&unknown).send().await;
    let text = r#"{"message":"The security token included in the request is invalid."}"#;
    assert_eq!(body(&stranger), named(text, "UnrecognizedClientException"));
    let liar = Credentials::new(app.owner_credentials().access_key_id(), "another secret", "");
    let forged = desk.get("/me").signed_by(&liar).send().await;
    assert!(forged.text().contains("The request signature we calculated does not match"), "{}", forged.text());
    assert_eq!(forged.header("x-amzn-errortype"), Some("InvalidSignatureException"));
    for credentials in [unknown, liar] {
        let reply = app.get("/me").signed_by(&credentials).send().await.expect(403);
        assert_eq!(reply.text(), r#"{"message":"Forbidden"}"#);
    }
    assert_eq!((app.invocations("me"), app.invocations("me_at_desk")), (0, 0));
}

#[skyloom_local::test]
async fn a_kept_reply_is_made_anew_for_whoever_may_invalidate_it(app: Local) {
    let desk = app.api::<Desk>();
    let ask = |credentials: &Credentials, control: &str| {
        desk.get("/made").header("cache-control", control).signed_by(credentials).send()
    };
    let ann = app.identity_credentials::<Visitors>(&app.sign_in::<Shopper>("ann@example.com").await);
    let sue = app.identity_credentials::<Visitors>(&app.sign_in::<Shopper>("sue@example.com").groups(&["staff"]).await);
    let first = ask(&ann, "max-age=60").await.expect(200).text();
    app.advance(Duration::from_secs(1)).await;
    let warned = ask(&ann, "max-age=0").await.expect(200);
    assert_eq!((warned.text(), warned.header("warning").is_some()), (first.clone(), true));
    let anew = ask(&sue, "max-age=0").await.expect(200);
    assert_ne!(anew.text(), first);
    assert_eq!(anew.header("warning"), None);
    assert_eq!(ask(&ann, "max-age=60").await.expect(200).text(), anew.text(), "what was made anew is kept");
    app.advance(Duration::from_secs(1)).await;
    let owner = ask(&app.owner_credentials(), "max-age=0").await.expect(200);
    assert_ne!(owner.text(), anew.text());
    assert_eq!(app.invocations("made"), 3);
}

#[skyloom_local::test]
async fn a_function_may_call_what_its_policy_says(app: Local) {
    let messenger = app.function_credentials("messenger");
    let me: Me = app.api::<Desk>().get("/me").signed_by(&messenger).send().await.expect(200).json();
    assert!(me.arn.ends_with("messenger"), "{}", me.arn);
    let denied = app.api::<Desk>().get("/reports/7").signed_by(&messenger).send().await.expect(403);
    assert_eq!(denied.header("x-amzn-errortype"), Some("AccessDeniedException"));
    assert!(
        denied.text().starts_with(r#"{"Message":"User: arn:aws:sts::000000000000:assumed-role/"#),
        "{}",
        denied.text()
    );
    assert!(denied.text().contains("execute-api:us-east-1:********0000:"), "{}", denied.text());
    assert!(denied.text().contains("because no identity-based policy allows the execute-api:Invoke action"));
    app.get("/me").signed_by(&messenger).send().await.expect(403);
}

#[skyloom_local::test]
async fn a_user_of_a_pool_calls_the_routes_of_their_role(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let credentials = app.identity_credentials::<Visitors>(&ann);
    let me: Me = app.get("/me").signed_by(&credentials).send().await.expect(200).json();
    let again: Me = app.api::<Desk>().get("/me").signed_by(&credentials).send().await.expect(200).json();
    assert_eq!(me, again);
    assert!(me.identity.as_ref().is_some_and(|id| id.starts_with("us-east-1:")), "{me:?}");
    assert!(me.arn.ends_with("-Visitors-authenticated/CognitoIdentityCredentials"), "{me:?}");
    app.api::<Desk>().get("/reports/7").signed_by(&credentials).send().await.expect(403);
    let eve = app.sign_in::<Shopper>("eve@example.com").groups(&["staff"]).await;
    let staff = app.identity_credentials::<Visitors>(&eve);
    app.api::<Desk>().get("/reports/7").signed_by(&staff).send().await.expect(200);
    app.get("/me").signed_by(&staff).send().await.expect(403);
    let guest = app.guest_credentials::<Visitors>();
    app.get("/me").signed_by(&guest).send().await.expect(403);
}

#[skyloom_local::test]
async fn a_user_of_a_pool_connects_where_their_role_lets_them(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let credentials = app.identity_credentials::<Visitors>(&ann);
    let me: Me = app.get("/me").signed_by(&credentials).send().await.expect(200).json();
    let mut socket = app.connect::<Live>().signed_by(&credentials).await;
    socket.send_json(&serde_json::json!({"action": "me"})).await;
    assert_eq!(socket.received::<Me>(), me);
    let stranger = Credentials::new(credentials.access_key_id(), "another secret", credentials.session_token());
    for credentials in [app.guest_credentials::<Visitors>(), stranger] {
        assert_eq!(app.connect::<Live>().signed_by(&credentials).refused().await.status(), 403);
    }
    assert_eq!(app.connect::<Live>().refused().await.status(), 403);
    assert_eq!(app.invocations("enter"), 1);
}

#[skyloom_local::test]
async fn credentials_of_a_pool_end_after_an_hour(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let credentials = app.identity_credentials::<Visitors>(&ann);
    app.advance(Duration::from_secs(3_599)).await;
    app.get("/me").signed_by(&credentials).send().await.expect(200);
    app.advance(Duration::from_secs(1)).await;
    let late = app.api::<Desk>().get("/me").signed_by(&credentials).send().await.expect(403);
    assert_eq!(late.text(), r#"{"message":"The security token included in the request is expired"}"#);
    let access_key = credentials.access_key_id();
    let without_session = Credentials::new(access_key, credentials.secret_access_key(), "");
    app.get("/me").signed_by(&without_session).send().await.expect(403);
}

#[skyloom_local::test]
async fn users_reach_only_their_own_items(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let credentials = app.identity_credentials::<Visitors>(&ann);
    let me: Me = app.get("/me").signed_by(&credentials).send().await.expect(200).json();
    let own = Note { owner: me.identity.unwrap(), id: "1".into() };
    let others = Note { owner: "us-east-1:somebody".into(), id: "1".into() };
    app.table::<Note>().put(&others).await;
    let notes = app.table_as::<Note>(&credentials);
    notes.put(&own).await;
    assert_eq!(notes.query(&own.owner).await, [own]);
    let client = notes.client();
    let query = client.query().table_name(notes.table_name()).key_condition_expression("#o = :o");
    let query = query.expression_attribute_names("#o", "owner");
    let value = aws_sdk_dynamodb::types::AttributeValue::S(others.owner.clone());
    let refused = query.expression_attribute_values(":o", value).send().await.unwrap_err();
    let refused = refused.into_service_error();
    assert_eq!(refused.meta().code(), Some("AccessDeniedException"), "{refused:?}");
    let scanned = client.scan().table_name(notes.table_name()).send().await.unwrap_err().into_service_error();
    assert_eq!(scanned.meta().code(), Some("AccessDeniedException"), "{scanned:?}");
    let eve = app.sign_in::<Shopper>("eve@example.com").groups(&["staff"]).await;
    let staff = app.identity_credentials::<Visitors>(&eve);
    assert_eq!(app.table_as::<Note>(&staff).all().await.len(), 2);
}

#[skyloom_local::test]
async fn a_permissions_boundary_bounds_identities_too(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let credentials = app.identity_credentials::<Visitors>(&ann);
    app.get("/me").signed_by(&credentials).send().await.expect(200);
    app.set_permissions_boundary(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}}"#,
    );
    app.get("/me").signed_by(&credentials).send().await.expect(403);
    app.get("/me").signed_by(&app.owner_credentials()).send().await.expect(200);
}

#[skyloom_local::test]
async fn an_api_says_from_where_it_may_be_called(app: Local) {
    app.api::<Desk>().get("/open").send().await.expect(200);
    let denied = app.api::<Elsewhere>().get("/open").send().await.expect(403);
    assert!(
        denied.text().starts_with(r#"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke"#)
    );
    assert!(denied.text().contains("with an explicit deny in a resource-based policy"), "{}", denied.text());
    let owner = app.api::<Elsewhere>().get("/me").signed_by(&app.owner_credentials()).send().await.expect(403);
    assert!(owner.text().contains("User: arn:aws:iam::000000000000:root"), "{}", owner.text());
    assert_eq!(app.invocations("open_elsewhere") + app.invocations("me_elsewhere"), 0);
}
