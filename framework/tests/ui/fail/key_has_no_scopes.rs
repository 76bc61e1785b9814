use skyloom::{Api, ApiKey, NoContent, handler};

#[derive(Api)]
#[api(rest)]
struct Shop;

#[handler(GET "/orders", auth = ApiKey, scopes = ["orders/read"], api = Shop)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
