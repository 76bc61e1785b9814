use skyloom::{Public, Route};

#[derive(Route)]
#[route(GET "/docs", auth = Public)]
struct Docs;

#[derive(Route)]
#[route(GET "/docs/{page}", auth = Public, http = "https://{page}.example.com")]
struct Pages;

#[derive(Route)]
#[route(GET "/health", answer(status = 99, body = "$x"))]
struct Health;

fn main() {}
