use skyloom::{Api, Public, handler};

#[derive(Api)]
#[api(rest)]
struct Rest;

#[handler(GET "/a", auth = Public, request("overwrite:header.authorization" = "none", "append:path" = "/v2"))]
async fn a() {}

#[handler(GET "/b", auth = Public, response("overwrite:statuscode" = "403", "404 append:header.x" = "$request.header.y"))]
async fn b() {}

#[handler(GET "/c", auth = Public, api = Rest, payload = "1.0")]
async fn c() {}

fn main() {}
