//! Every method, every option and every argument of a route.

use serde::{Deserialize, Serialize};
use skyloom::{
    Api, Bytes, Context, Created, Error, Form, Header, Json, NoContent, Path, Public, Query, Read, ReadIndex,
    Rejection, RequestContext, Scan, StatusCode, Table, UserPool, Write, handler,
};

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["staff"])]
pub struct Shopper {
    pub sub: String,
}

#[derive(Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status")]
pub struct Order {
    #[partition_key]
    pub id: String,
    pub status: String,
}

#[derive(Api)]
#[api(http, cors(origins = ["*"]))]
pub struct Shop;

#[derive(Deserialize)]
struct Parameters {
    id: String,
    line: u32,
}

#[handler(GET "/", auth = Public)]
async fn root() -> &'static str {
    "hello"
}

#[handler(HEAD "/orders/{id}", auth = Public)]
async fn exists(_: Path<String>) -> NoContent {
    NoContent
}

#[handler(
    POST "/orders/{id}/lines/{line}",
    auth = Shopper,
    scopes = ["orders/write"],
    groups = ["staff"],
    api = Shop,
    memory = 512,
    timeout = "10s",
    concurrency = 3,
    allow("ses:SendEmail", "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"),
    allow("s3:GetObject", "arn:aws:s3:::bucket/*"),
)]
async fn add_line(
    Path((id, _line)): Path<(String, u32)>,
    shopper: Shopper,
    Json(order): Json<Order>,
    reader: Read<Order>,
    writer: Write<Order>,
    index: ReadIndex<ByStatus>,
    all: Scan<Order>,
    context: Context,
) -> Result<Created<Json<Order>>, Error> {
    drop((id, shopper, reader, writer, index, all, context));
    Ok(Created(Json(order)))
}

#[handler(PUT "/orders/{id}/lines/{line}", auth = Public)]
async fn put(Path(parameters): Path<Parameters>, body: Option<Json<Order>>) -> (StatusCode, String) {
    drop(body);
    (StatusCode::OK, format!("{} {}", parameters.id, parameters.line))
}

#[handler(PATCH "/orders", auth = Public)]
async fn patch(body: Result<Form<Order>, Rejection>) -> Result<NoContent, Error> {
    body?;
    Ok(NoContent)
}

#[handler(DELETE "/orders/{id}", auth = Public)]
async fn delete(request: RequestContext, body: Bytes) -> Bytes {
    drop(request);
    body
}

#[handler(OPTIONS "/files/{path+}", auth = Public)]
async fn options(Path(path): Path<String>, query: Query<Order>, header: Option<Header<Order>>) -> String {
    drop((query, header));
    path
}

#[handler(ANY "$default", auth = Public)]
async fn everything_else() -> Result<(), Error> {
    Err(Error::not_found("nothing here"))
}
