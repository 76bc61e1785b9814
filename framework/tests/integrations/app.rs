//! An application most of whose routes have no function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use skyloom::{
    Api, BearerToken, Error, Iam, Json, Path, Public, Query, RequestContext, Route, Table, Unauthorized, UserPool,
    handler,
};

#[derive(Api)]
#[api(http, default, variables(color = "blue"))]
pub(crate) struct Web;

#[derive(Api)]
#[api(rest, variables(color = "red"))]
pub(crate) struct Rest;

#[derive(Serialize, Deserialize, UserPool)]
pub(crate) struct Member {
    pub(crate) sub: String,
    pub(crate) email: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Table)]
pub(crate) struct Order {
    #[partition_key]
    pub(crate) owner: String,
    #[sort_key]
    pub(crate) id: String,
    pub(crate) item: String,
    pub(crate) count: u32,
    pub(crate) gift: Option<bool>,
    pub(crate) place: String,
}

#[derive(Route)]
#[route(ANY "/docs/{page+}", auth = Public, http = "https://docs.example.com/v1/{page}")]
pub(crate) struct Docs;

#[derive(Route)]
#[route(ANY "/docs/{page+}", api = Rest, auth = Public, http = "https://docs.example.com/v1/{page}")]
pub(crate) struct RestDocs;

#[derive(Route)]
#[route(
    GET "/health", api = Rest, auth = Public,
    answer(status = 203, body = "<p>up</p>", header("content-type", "text/html"), header("cache-control", "no-store"))
)]
pub(crate) struct Health;

#[derive(Route)]
#[route(POST "/jobs", auth = Member, queue = "Jobs")]
pub(crate) struct NewJob;

#[derive(Route)]
#[route(POST "/jobs", api = Rest, auth = Public, queue = "Jobs")]
pub(crate) struct NewPublicJob;

#[derive(Route)]
#[route(
    POST "/regions/{region}/orders", api = Rest, auth = Member,
    put = Order, set(owner = "$context.authorizer.claims.sub", place = "${request.path.region}-1")
)]
pub(crate) struct NewOrder;

#[derive(Route)]
#[route(
    PUT "/regions/{region}/orders", api = Rest, auth = Member,
    put = Order, set(owner = "$context.authorizer.claims.sub", place = "${request.path.region}-1"), replace
)]
pub(crate) struct SetOrder;

#[handler(GET "/color", auth = Public)]
async fn color(context: RequestContext) -> String {
    context.stage_variable("color").unwrap_or_default().to_owned()
}

#[handler(GET "/color", api = Rest, auth = Public)]
async fn rest_color(context: RequestContext) -> String {
    context.stage_variable("color").unwrap_or_default().to_owned()
}

/// What a handler was told of a request that was changed on its way.
fn said(context: &RequestContext) -> Json<Value> {
    let header = |name: &str| {
        let values: Vec<_> = context.headers().get_all(name).iter().map(|it| it.to_str().unwrap_or_default()).collect();
        (!values.is_empty()).then_some(values)
    };
    Json(json!({
        "color": header("x-color"), "secret": header("x-secret"), "tenant": header("x-tenant"), "path": context.path(),
    }))
}

#[handler(
    GET "/mapped", auth = Public,
    request(
        "append:header.x-color" = "$stageVariables.color", "remove:header.x-secret" = "",
        "overwrite:header.x-tenant" = "${context.httpMethod} /tenants", "remove:querystring.debug" = "",
        "overwrite:querystring.path" = "$request.path", "overwrite:path" = "/v2${request.path}",
    )
)]
async fn mapped(context: RequestContext, Query(query): Query<BTreeMap<String, String>>) -> Json<Value> {
    let Json(mut said) = said(&context);
    said["query"] = json!(query);
    Json(said)
}

#[handler(
    GET "/mapped-format-1", auth = Public, payload = "1.0",
    request("append:header.x-color" = "$stageVariables.color", "remove:querystring.debug" = "")
)]
async fn mapped_format_1(context: RequestContext, Query(query): Query<BTreeMap<String, String>>) -> Json<Value> {
    let Json(mut said) = said(&context);
    said["query"] = json!(query);
    Json(said)
}

#[handler(
    GET "/missing", auth = Public,
    response(
        "404 overwrite:statuscode" = "403", "404 append:header.x-was" = "$response.body.type",
        "404 remove:header.x-nothing" = "", "200 append:header.x-was" = "never"
    )
)]
async fn missing() -> Result<(), Error> {
    Err(Error::not_found("no such thing"))
}

#[derive(Deserialize)]
struct Tags {
    tag: Vec<String>,
}

#[handler(GET "/format-1/{path+}", auth = Public, payload = "1.0")]
async fn format_1(
    Path(path): Path<String>,
    Query(Tags { tag }): Query<Tags>,
    context: RequestContext,
) -> http::Response<String> {
    let accept = context.headers().get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = json!({
        "path": path, "tags": tag, "cookies": context.cookies(), "accept": accept, "stage": context.stage(),
    });
    let reply = http::Response::builder().header("set-cookie", "a=1").header("set-cookie", "b=2");
    reply.body(said.to_string()).expect("headers that are right")
}

/// Whose fields are texts that could be taken for something else.
#[derive(Serialize, Deserialize)]
pub(crate) struct Partner {
    pub(crate) name: String,
    pub(crate) level: u32,
}

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Ok(Partner { name: token.as_str().into(), level: 3 })
}

#[handler(GET "/format-1-partner", auth = Partner, payload = "1.0")]
async fn format_1_partner(partner: Partner) -> Json<Partner> {
    Json(partner)
}

#[handler(GET "/format-1-signed", auth = Iam, payload = "1.0")]
async fn format_1_signed(caller: Iam) -> String {
    format!("{} {} {}", caller.arn, caller.account, caller.access_key)
}

#[handler(GET "/format-1-me", auth = Member, payload = "1.0")]
async fn format_1_me(member: Member) -> Json<Member> {
    Json(member)
}
