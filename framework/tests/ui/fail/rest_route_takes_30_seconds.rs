use skyloom::{Api, NoContent, Public, handler};

#[derive(Api)]
#[api(rest)]
struct Shop;

#[handler(GET "/orders", auth = Public, api = Shop, timeout = "30s")]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
