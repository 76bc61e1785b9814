use skyloom::{Api, ApiKey, NoContent, handler};

#[derive(Api)]
#[api(http)]
struct Shop;

#[handler(GET "/orders", auth = ApiKey, api = Shop)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
