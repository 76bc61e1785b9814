//! An application with an API of each kind: the same handlers behind both give the same replies, and what the APIs answer by
//! themselves differs as it does at AWS.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use skyloom::{
    Api, ApiKey, BearerToken, Bytes, Created, Error, Form, Header, HeaderName, HeaderValue, Json, NoContent, Path,
    Public, Query, RequestContext, Response, StatusCode, Unauthorized, UserPool, handler,
};
use skyloom_local::{Forged, Local, LocalApi, Reply, Request};

#[derive(Api)]
#[api(http, default, cors(origins = ["https://shop.example"], methods = ["GET"], expose = ["etag"], credentials))]
struct Http;

#[derive(Api)]
#[api(
    rest,
    binary_media_types = ["*/*"],
    cors(origins = ["https://shop.example"], methods = ["GET"], expose = ["etag"], credentials)
)]
struct Rest;

#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(groups = ["staff"])]
struct Member {
    sub: String,
    exp: u64,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
}

/// All that JSON has.
#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
    level: u64,
    trusted: bool,
    regions: Vec<String>,
    note: Option<String>,
}

#[handler(authorizer, cache = "5m")]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    let name = match token.as_str() {
        "secret" => "books inc",
        "seven" => "7",
        "broken" => return Err(Error::internal("the list of partners is gone").into()),
        _ => return Err(Unauthorized::new()),
    };
    Ok(Partner { name: name.into(), level: u64::MAX, trusted: true, regions: vec!["eu".into()], note: None })
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    tag: Vec<String>,
    page: Option<u32>,
}

#[derive(Deserialize)]
struct Headers {
    if_match: Option<String>,
    #[serde(rename = "x-numbers", default)]
    numbers: Vec<u8>,
}

/// Each handler twice, behind the one and the other API.
macro_rules! behind_both {
    ($(#[handler($($route:tt)*)] async fn $http:ident / $rest:ident($($arguments:tt)*) -> $reply:ty $body:block)*) => {$(
        #[handler($($route)*, api = Http)]
        async fn $http($($arguments)*) -> $reply $body

        #[handler($($route)*, api = Rest)]
        async fn $rest($($arguments)*) -> $reply $body
    )*};
}

behind_both! {
    #[handler(GET "/people/{name}/visits/{count}", auth = Public)]
    async fn visits / rest_visits(Path((name, count)): Path<(String, i8)>) -> String {
        format!("{name} {count}")
    }

    #[handler(GET "/files/{rest+}", auth = Public)]
    async fn files / rest_files(Path(rest): Path<String>) -> String {
        rest
    }

    #[handler(GET "/search", auth = Public)]
    async fn search / rest_search(Query(search): Query<Search>) -> String {
        format!("{:?} {:?}", search.tag, search.page)
    }

    #[handler(GET "/headers", auth = Public)]
    async fn headers / rest_headers(Header(headers): Header<Headers>, request: RequestContext) -> String {
        format!("{:?} {:?} {:?}", headers.if_match, headers.numbers, request.cookies())
    }

    #[handler(POST "/orders", auth = Public)]
    async fn orders / rest_orders(Json(order): Json<BTreeMap<String, u32>>) -> Created<Json<BTreeMap<String, u32>>> {
        Created(Json(order))
    }

    #[handler(POST "/form", auth = Public)]
    async fn form / rest_form(Form(fields): Form<BTreeMap<String, String>>) -> Json<BTreeMap<String, String>> {
        Json(fields)
    }

    #[handler(POST "/echo", auth = Public)]
    async fn echo / rest_echo(body: Bytes) -> Bytes {
        body
    }

    #[handler(DELETE "/nothing", auth = Public)]
    async fn nothing / rest_nothing() -> NoContent {
        NoContent
    }

    #[handler(GET "/cookies", auth = Public)]
    async fn cookies / rest_cookies() -> Response {
        let mut response = Response::new(StatusCode::OK, "");
        for cookie in ["a=1; Path=/", "b=2; HttpOnly"] {
            response.append_header(HeaderName::from_static("set-cookie"), HeaderValue::from_static(cookie));
        }
        response
    }

    #[handler(GET "/missing", auth = Public)]
    async fn missing / rest_missing() -> Result<String, Error> {
        Err(Error::not_found("no such thing"))
    }

    #[handler(GET "/panics", auth = Public)]
    async fn panics / rest_panics() -> String {
        panic!("it cannot")
    }

    #[handler(GET "/me", auth = Member)]
    async fn me / rest_me(member: Member) -> Json<Member> {
        Json(member)
    }

    #[handler(GET "/staff", auth = Member, groups = ["staff"])]
    async fn staff / rest_staff() -> StatusCode {
        StatusCode::OK
    }

    #[handler(GET "/write", auth = Member, scopes = ["orders/write"])]
    async fn write / rest_write() -> StatusCode {
        StatusCode::OK
    }

    #[handler(GET "/feed", auth = Partner)]
    async fn feed / rest_feed(partner: Partner) -> Json<Partner> {
        Json(partner)
    }
}

#[handler(GET "/keyed", auth = ApiKey, api = Rest)]
async fn keyed() -> StatusCode {
    StatusCode::OK
}

#[handler(GET "/where", auth = Public, api = Rest)]
async fn place(request: RequestContext) -> String {
    format!("{} {} {}", request.stage(), request.path(), request.request_id())
}

/// What of a reply the handler says, and not the API.
fn said(reply: &Reply) -> String {
    let of_the_gateway = |name: &str| name == "apigw-requestid" || name.starts_with("x-amz");
    let mut body = reply.text();
    // Without a type, an HTTP API calls a reply text, and a REST API calls it JSON.
    let is_typed = !body.is_empty();
    let mut headers: Vec<String> = reply
        .headers()
        .iter()
        .filter(|(name, _)| !of_the_gateway(name.as_str()) && *name != "content-length" && *name != "vary")
        .filter(|(name, _)| is_typed || *name != "content-type")
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("it is text")))
        .collect();
    headers.sort();
    if let Ok(mut problem) = serde_json::from_str::<serde_json::Value>(&body)
        && problem.as_object_mut().is_some_and(|members| members.remove("requestId").is_some())
    {
        body = problem.to_string();
    }
    format!("{} {headers:?} {body}", reply.status())
}

async fn check_alike(app: &Local, request: impl Fn(LocalApi) -> Request) -> String {
    let of_http = said(&request(app.api::<Http>()).send().await);
    let of_rest = said(&request(app.api::<Rest>()).send().await);
    assert_eq!(of_rest, of_http);
    of_rest
}

#[skyloom_local::test]
async fn arguments_take_the_same_from_both(app: Local) {
    let said = check_alike(&app, |api| api.get("/people/%E5%B1%B1%20%F0%9F%98%80/visits/-3")).await;
    assert!(said.ends_with("山 😀 -3"), "{said}");
    for path in [
        "/people/a+b%2525/visits/0",
        "/people/ann/visits/many",
        "/files/a/b%20c/%C3%A9.txt",
        "/search?tag=a&page=2&tag=b%2Cc&tag=",
        "/search?tag=%E2%98%95+%2B",
        "/search",
        "/search?page=two",
    ] {
        check_alike(&app, |api| api.get(path)).await;
    }
    // An HTTP API refuses it by itself, a REST API lets the function do so.
    app.api::<Http>().get("/people/%FF/visits/1").send().await.expect(400);
    let refused = app.api::<Rest>().get("/people/%FF/visits/1").send().await.expect(400);
    assert!(refused.text().contains("no percent-encoded text"), "{}", refused.text());
    let request = |api: LocalApi| {
        let request = api.get("/headers").header("If-Match", "\"v1\"").header("cookie", "a=1; b=two words");
        request.header("x-numbers", "1,2").header("x-numbers", "3")
    };
    let said = check_alike(&app, request).await;
    assert!(said.contains(r#"Some("\"v1\"") [1, 2, 3] ["a=1", "b=two words"]"#), "{said}");
}

#[skyloom_local::test]
async fn bodies_go_both_ways_through_both(app: Local) {
    let every_byte: Vec<u8> = (0..=255).collect();
    check_alike(&app, |api| api.post("/echo").content("application/octet-stream", every_byte.clone())).await;
    check_alike(&app, |api| api.post("/echo").content("text/plain", "caf\u{e9}")).await;
    check_alike(&app, |api| api.post("/orders").json(&BTreeMap::from([("a", 1)]))).await;
    check_alike(&app, |api| api.post("/orders").content("text/csv", "a,1")).await;
    check_alike(&app, |api| api.post("/orders").json(&"no object")).await;
    check_alike(&app, |api| api.post("/orders")).await;
    check_alike(&app, |api| api.post("/form").content("application/x-www-form-urlencoded", "a=1+2&%C3%A9=%26")).await;
}

#[skyloom_local::test]
async fn replies_and_errors_of_handlers_are_the_same_from_both(app: Local) {
    let said = check_alike(&app, |api| api.get("/cookies")).await;
    assert!(said.contains("set-cookie: a=1; Path=/\", \"set-cookie: b=2; HttpOnly"), "{said}");
    let said = check_alike(&app, |api| api.get("/missing")).await;
    assert!(said.starts_with("404") && said.contains("no such thing"), "{said}");
    let nothing = app.api::<Rest>().delete("/nothing").send().await.expect(204);
    assert_eq!((nothing.text(), nothing.header("content-length")), (String::new(), None));
}

#[skyloom_local::test]
async fn principals_are_the_same_behind_both(app: Local) {
    let ann = app.sign_in::<Member>("ann@example.com").groups(&["staff"]).await;
    let said = check_alike(&app, |api| api.get("/me").bearer(&ann)).await;
    assert!(said.contains(r#""cognito:groups":["staff"]"#), "{said}");
    check_alike(&app, |api| api.get("/staff").bearer(&ann)).await;
    let bob = app.sign_in::<Member>("bob@example.com").await;
    let said = check_alike(&app, |api| api.get("/staff").bearer(&bob)).await;
    assert!(said.starts_with("403"), "{said}");
    for token in ["secret", "seven"] {
        let said = check_alike(&app, |api| api.get("/feed").bearer(token)).await;
        assert!(said.contains(r#""level":18446744073709551615,"trusted":true,"regions":["eu"],"note":null"#), "{said}");
    }
}

#[skyloom_local::test]
async fn a_page_of_another_origin_can_read_what_both_answer(app: Local) {
    for origin in ["https://shop.example", "https://evil.example"] {
        check_alike(&app, |api| api.get("/search").header("origin", origin)).await;
        check_alike(&app, |api| api.get("/missing").header("origin", origin)).await;
    }
    let reply = app.api::<Rest>().get("/search").header("origin", "https://shop.example").send().await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://shop.example"));
    assert_eq!(reply.header("access-control-expose-headers"), Some("etag"));
    let preflight = app.api::<Rest>().request("OPTIONS", "/me").header("origin", "https://shop.example");
    let preflight = preflight.send().await.expect(204);
    assert_eq!(preflight.header("access-control-allow-methods"), Some("GET"));
    let refusal = app.api::<Rest>().get("/me").header("origin", "https://shop.example").send().await.expect(401);
    assert_eq!(refusal.header("access-control-allow-origin"), Some("https://shop.example"));
}

async fn check(request: Request, status: u16, error_type: &str, body: &str) {
    let reply = request.send().await.expect(status);
    assert_eq!((reply.header("x-amzn-errortype"), reply.text().as_str()), (Some(error_type), body));
    assert!(reply.header("x-amzn-requestid").is_some() && reply.header("x-amz-apigw-id").is_some());
}

const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;

#[skyloom_local::test]
async fn a_rest_api_has_its_own_words_for_its_refusals(app: Local) {
    let api = app.api::<Rest>();
    let missing = r#"{"message":"Missing Authentication Token"}"#;
    check(api.get("/nowhere"), 403, "MissingAuthenticationTokenException", missing).await;
    check(api.post("/search"), 403, "MissingAuthenticationTokenException", missing).await;
    let internal = r#"{"message": "Internal server error"}"#;
    check(api.get("/panics"), 502, "InternalServerErrorException", internal).await;
    check(api.get("/me"), 401, "UnauthorizedException", UNAUTHORIZED).await;
    check(api.get("/feed"), 401, "UnauthorizedException", UNAUTHORIZED).await;
    let denied = r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#;
    check(api.get("/feed").bearer("guess"), 403, "AccessDeniedException", denied).await;
    let broken = r#"{"message":null}"#;
    check(api.get("/feed").bearer("broken"), 500, "AuthorizerConfigurationException", broken).await;
    check(api.get("/keyed"), 403, "ForbiddenException", r#"{"message":"Forbidden"}"#).await;
    api.get("/keyed").header("x-api-key", &api.key()).send().await.expect(200);
}

#[skyloom_local::test]
async fn a_rest_api_tells_id_tokens_from_access_tokens(app: Local) {
    let api = app.api::<Rest>();
    let ann = app.sign_in::<Member>("ann@example.com").scopes(&["orders/write"]).await;
    api.get("/me").bearer(ann.id_token()).send().await.expect(200);
    api.get("/write").bearer(ann.access_token()).send().await.expect(200);
    check(api.get("/me").bearer(ann.access_token()), 401, "UnauthorizedException", UNAUTHORIZED).await;
    check(api.get("/write").bearer(ann.id_token()), 401, "UnauthorizedException", UNAUTHORIZED).await;
    let expired = app.sign_in::<Member>("ann@example.com").forged(Forged::Expired).await;
    let message = r#"{"message":"The incoming token has expired"}"#;
    check(api.get("/me").bearer(&expired), 401, "UnauthorizedException", message).await;
}

#[skyloom_local::test]
async fn an_authorizers_policy_is_good_for_all_methods_until_it_is_too_old(app: Local) {
    let api = app.api::<Rest>();
    api.get("/feed").bearer("secret").send().await.expect(200);
    api.get("/feed").bearer("secret").send().await.expect(200);
    assert_eq!(app.invocations("partner"), 1);
    app.advance(Duration::from_secs(300)).await;
    api.get("/feed").bearer("secret").send().await.expect(200);
    assert_eq!(app.invocations("partner"), 2);
}

#[skyloom_local::test]
async fn a_handler_is_told_the_stage_and_the_id_that_the_caller_gets(app: Local) {
    let reply = app.api::<Rest>().get("/where").send().await.expect(200);
    let id = reply.header("x-amzn-requestid").unwrap();
    assert_eq!(reply.text(), format!("default /where {id}"));
}
