//! What stands between a request and its handler, declared and met in a test: limits, requests that do not fit, replies that are kept,
//! refusals in the API's own words, and authorizers that read the request.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{
    Api, ApiKey, AuthorizationToken, BearerToken, Header, Json, Path, Policy, Public, Query, RequestContext,
    Unauthorized, handler,
};
use skyloom_local::Local;

#[derive(Api)]
#[api(http, default)]
struct Site;

#[derive(Api)]
#[api(
    rest,
    validate,
    cache_size = "0.5",
    minimum_compression = 256,
    usage_plan(rate = 1, burst = 1, quota = 3, period = "day"),
    gateway_response(
        bad_request_body,
        status = 422,
        header("x-shop", "partners"),
        body = r#"{"title":$context.error.messageString,"route":"$context.httpMethod $context.resourcePath"}"#,
        content_type = "application/problem+json"
    )
)]
struct Partners;

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
}

/// Let in by a token in a header of its own, for the tenant that the query names; the free ones may only read.
#[handler(authorizer, cache = "5m", identity(header = "x-token", query = "tenant"))]
async fn tenant(
    Header(token): Header<Token>,
    Query(query): Query<Tenant>,
    request: RequestContext,
) -> Result<Policy<Partner>, Unauthorized> {
    if token.x_token != "secret" || request.method() == "TRACE" {
        return Err(Unauthorized::new());
    }
    let policy = Policy::of(Partner { name: query.tenant.clone() }).allow("GET", "/*");
    Ok(if query.tenant == "free" { policy } else { policy.allow("*", "/*").deny("DELETE", "/things/*") })
}

#[derive(Deserialize)]
struct Token {
    x_token: String,
}

#[derive(Deserialize)]
struct Tenant {
    tenant: String,
}

macro_rules! behind_both {
    ($(#[handler($($route:tt)*)] async fn $http:ident / $rest:ident($($arguments:tt)*) -> $reply:ty $body:block)*) => {$(
        #[handler($($route)*, api = Site)]
        async fn $http($($arguments)*) -> $reply $body

        #[handler($($route)*, api = Partners)]
        async fn $rest($($arguments)*) -> $reply $body
    )*};
}

behind_both! {
    #[handler(GET "/things/{id}", auth = Partner)]
    async fn thing / rest_thing(Path(id): Path<String>, partner: Partner) -> String {
        format!("{id} of {}", partner.name)
    }

    #[handler(POST "/things/{id}", auth = Partner)]
    async fn make / rest_make(Path(id): Path<String>) -> String {
        id
    }

    #[handler(DELETE "/things/{id}", auth = Partner)]
    async fn drop_it / rest_drop_it(Path(id): Path<String>) -> String {
        id
    }

    #[handler(GET "/machine", auth = Machine)]
    async fn of_machine / rest_of_machine(machine: Machine) -> Json<Machine> {
        Json(machine)
    }

    #[handler(GET "/slow", auth = Public, throttle(rate = 1, burst = 2))]
    async fn slow / rest_slow() -> &'static str {
        "slow"
    }
}

/// Let in by a bearer token that has a form.
#[derive(Serialize, Deserialize)]
struct Robot {
    number: u32,
}

#[handler(authorizer, validation = "^Bearer [0-9]+$")]
async fn robot(token: BearerToken) -> Result<Robot, Unauthorized> {
    token.as_str().parse().map(|number| Robot { number }).map_err(|_| Unauthorized::new())
}

/// Let in by what is in a header of its own.
#[derive(Serialize, Deserialize)]
struct Machine {
    serial: String,
    parts: Vec<u32>,
}

#[handler(authorizer, token_header = "X-Machine")]
async fn machine(token: AuthorizationToken) -> Result<Machine, Unauthorized> {
    let serial = token.as_str().strip_prefix("serial ").ok_or(Unauthorized::new())?;
    Ok(Machine { serial: serial.into(), parts: vec![1, 2] })
}

/// The same, whose authorizer is asked in format 1.0.
#[derive(Serialize, Deserialize)]
struct OldMachine {
    serial: String,
    parts: Vec<u32>,
}

#[handler(authorizer, token_header = "X-Machine", payload = "1.0")]
async fn old_machine(token: AuthorizationToken) -> Result<OldMachine, Unauthorized> {
    machine(token).await.map(|Machine { serial, parts }| OldMachine { serial, parts })
}

#[derive(Serialize, Deserialize)]
struct Reader {
    parts: Vec<u32>,
}

#[handler(authorizer, token_header = "X-Machine", payload = "1.0")]
async fn reader(token: BearerToken, request: RequestContext) -> Result<Policy<Reader>, Unauthorized> {
    let parts = if request.method() == "GET" { vec![3] } else { Vec::new() };
    Ok(Policy::of(Reader { parts }).allow("GET", token.as_str()))
}

#[handler(GET "/old", auth = OldMachine, api = Site)]
async fn old(machine: OldMachine) -> Json<OldMachine> {
    Json(machine)
}

#[handler(GET "/old-format", auth = OldMachine, api = Site, payload = "1.0")]
async fn old_format(machine: OldMachine) -> Json<OldMachine> {
    Json(machine)
}

#[handler(GET "/read", auth = Reader, api = Site)]
async fn read(reader: Reader) -> Json<Reader> {
    Json(reader)
}

#[handler(GET "/robot", auth = Robot, api = Partners)]
async fn robots(robot: Robot) -> Json<Robot> {
    Json(robot)
}

#[derive(Deserialize, JsonSchema)]
struct Order {
    item: String,
    count: u32,
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    page: u32,
}

#[handler(POST "/orders", auth = Public, api = Partners)]
async fn order(Json(order): Json<Order>) -> String {
    format!("{} {}", order.count, order.item)
}

/// The page is part of the key because an argument takes it, the language because the route says so.
#[handler(GET "/feed/{topic}", auth = Public, api = Partners, cache = "60s", cache_key(header = "accept-language"))]
async fn feed(Path(topic): Path<String>, Query(page): Query<Page>, request: RequestContext) -> String {
    format!("{topic} {} {}", page.page, request.request_id())
}

#[handler(GET "/keyed", auth = ApiKey, api = Partners)]
async fn keyed() -> &'static str {
    "keyed"
}

#[handler(GET "/long", auth = Public, api = Partners)]
async fn long() -> String {
    "long ".repeat(100)
}

#[skyloom_local::test]
async fn an_authorizer_reads_what_identifies_the_caller(app: Local) {
    for api in [app.api::<Site>(), app.api::<Partners>()] {
        let things = |method: &str, tenant: &str| {
            api.request(method, &format!("/things/7?tenant={tenant}")).header("x-token", "secret")
        };
        assert_eq!(things("GET", "acme").send().await.expect(200).text(), "7 of acme");
        things("POST", "acme").send().await.expect(200);
        things("DELETE", "acme").send().await.expect(403);
        things("GET", "free").send().await.expect(200);
        things("POST", "free").send().await.expect(403);
        api.get("/things/7?tenant=acme").send().await.expect(401);
        api.get("/things/7").header("x-token", "secret").send().await.expect(401);
        api.get("/things/7?tenant=acme").header("x-token", "guess").send().await.expect(403);
    }
    // Each API asks once for each token and tenant, and none for what lacks one of them.
    assert_eq!(app.invocations("tenant"), 6);
}

#[skyloom_local::test]
async fn a_token_is_read_from_the_header_that_has_it(app: Local) {
    for api in [app.api::<Site>(), app.api::<Partners>()] {
        let get = |header: &str, token: &str| api.get("/machine").header(header, token).send();
        assert_eq!(get("x-machine", "serial 7").await.expect(200).text(), r#"{"serial":"7","parts":[1,2]}"#);
        get("x-machine", "7").await.expect(403);
        get("authorization", "serial 7").await.expect(401);
    }
}

#[skyloom_local::test]
async fn an_authorizer_may_be_asked_in_format_1(app: Local) {
    let get = |path: &str, token: &str| app.get(path).header("x-machine", token).send();
    for path in ["/old", "/old-format"] {
        assert_eq!(get(path, "serial 7").await.expect(200).text(), r#"{"serial":"7","parts":[1,2]}"#, "{path}");
        get(path, "7").await.expect(403);
    }
    assert_eq!(get("/read", "Bearer /read").await.expect(200).text(), r#"{"parts":[3]}"#);
    get("/read", "Bearer /other").await.expect(403);
    get("/read", "/read").await.expect(403);
    app.get("/read").send().await.expect(401);
}

#[skyloom_local::test]
async fn a_token_without_the_form_costs_no_call(app: Local) {
    let api = app.api::<Partners>();
    api.get("/robot").bearer("seven").send().await.expect(401);
    assert_eq!(app.invocations("robot"), 0);
    assert_eq!(api.get("/robot").bearer("7").send().await.expect(200).text(), r#"{"number":7}"#);
}

#[skyloom_local::test]
async fn a_route_takes_so_many_requests_a_second(app: Local) {
    for api in [app.api::<Site>(), app.api::<Partners>()] {
        for status in [200, 200, 429] {
            api.get("/slow").send().await.expect(status);
        }
    }
    app.advance(Duration::from_secs(1)).await;
    for api in [app.api::<Site>(), app.api::<Partners>()] {
        for status in [200, 429] {
            api.get("/slow").send().await.expect(status);
        }
    }
}

#[skyloom_local::test]
async fn a_key_is_counted(app: Local) {
    let api = app.api::<Partners>();
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(api.get("/keyed").header("x-api-key", &api.key()).send().await.text());
        app.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(answers, ["keyed", "keyed", "keyed", r#"{"message":"Limit Exceeded"}"#]);
    let twice = [api.get("/keyed"), api.get("/keyed")].map(|it| it.header("x-api-key", &api.key()).send());
    app.advance(Duration::from_secs(24 * 60 * 60)).await;
    let [first, second] = twice;
    first.await.expect(200);
    assert_eq!(second.await.expect(429).text(), r#"{"message":"Too Many Requests"}"#);
}

#[skyloom_local::test]
async fn what_does_not_fit_is_refused_in_the_apis_own_words_and_costs_no_call(app: Local) {
    let api = app.api::<Partners>();
    let refused = api.post("/orders").json(&serde_json::json!({"item": "book"})).send().await.expect(422);
    assert_eq!(refused.text(), r#"{"title":"Invalid request body","route":"POST /orders"}"#);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.header("x-shop"), Some("partners"));
    let refused = api.get("/feed/news").send().await.expect(400);
    assert_eq!(refused.text(), r#"{"message": "Missing required request parameters: [page]"}"#);
    assert_eq!(app.invocations("order") + app.invocations("feed"), 0);
    api.post("/orders").json(&serde_json::json!({"item": "book", "count": 2})).send().await.expect(200);
}

#[skyloom_local::test]
async fn a_reply_is_kept_by_what_the_arguments_read(app: Local) {
    let api = app.api::<Partners>();
    let get = async |path: &str, language: &str| {
        api.get(path).header("accept-language", language).send().await.expect(200).text()
    };
    let first = get("/feed/news?page=1", "en").await;
    assert_eq!(get("/feed/news?page=1", "en").await, first);
    for (path, language) in [("/feed/news?page=2", "en"), ("/feed/sport?page=1", "en"), ("/feed/news?page=1", "de")] {
        assert_ne!(get(path, language).await, first, "{path} {language}");
    }
    assert_eq!(app.invocations("feed"), 4);
    app.advance(Duration::from_secs(60)).await;
    assert_ne!(get("/feed/news?page=1", "en").await, first);
}

#[skyloom_local::test]
async fn a_long_reply_is_compressed_for_who_takes_it_so(app: Local) {
    let api = app.api::<Partners>();
    let reply = api.get("/long").header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert_eq!(api.get("/long").send().await.expect(200).text().len(), 500);
}
