use serde::{Deserialize, Serialize};
use skyloom::{Api, BearerToken, Header, Path, Policy, Public, Query, RequestContext, Unauthorized, handler};

#[derive(Api)]
#[api(
    rest,
    default,
    throttle(rate = 100, burst = 50),
    cache_size = "0.5",
    gateway_response(default_4xx, header("x-shop", "1")),
    gateway_response(
        throttled,
        status = 503,
        header("retry-after", "1"),
        body = r#"{"title":$context.error.messageString,"id":"$context.requestId"}"#,
        content_type = "application/problem+json"
    )
)]
struct Shop;

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
}

#[derive(Deserialize)]
struct Signed {
    x_signature: String,
}

#[derive(Deserialize)]
struct Tenant {
    tenant: Option<String>,
}

#[handler(authorizer, validation = "^Bearer [A-Za-z0-9]+$", cache = "5m")]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Ok(Partner { name: token.as_str().into() })
}

#[derive(Serialize, Deserialize)]
struct Machine {
    name: String,
}

#[handler(authorizer, cache = "1h", identity(header = "x-signature", query = ["tenant"], context = "httpMethod"))]
async fn machine(
    Header(signed): Header<Signed>,
    Query(tenant): Query<Tenant>,
    _: RequestContext,
) -> Result<Policy<Machine>, Unauthorized> {
    let name = tenant.tenant.ok_or(Unauthorized::new())? + &signed.x_signature;
    Ok(Policy::of(Machine { name }).allow("GET", "/feed/*").deny("*", "/feed/secret"))
}

#[handler(GET "/feed/{topic}", auth = Partner, cache = "60s", cache_key(header = "authorization", query = "page"))]
async fn feed(Path(topic): Path<String>, partner: Partner) -> String {
    topic + &partner.name
}

#[handler(GET "/prices", auth = Machine, cache = "1h", cache_shared, throttle(rate = 10, burst = 5))]
async fn prices() -> &'static str {
    "everyone's"
}

#[handler(GET "/", auth = Public, cache = "60s")]
async fn index() -> &'static str {
    "hello"
}
