use skyloom::{Api, NoContent, handler};

#[derive(Api)]
#[api(rest)]
struct Shop;

#[handler(GET "/orders", auth = skyloom::ApiKey, scopes = ["orders/read"], api = Shop)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
