use skyloom::{Api, Public, handler};

#[derive(Api)]
#[api(http)]
struct Shop;

#[handler(GET "/feed", auth = Public, api = Shop, cache = "60s")]
async fn feed() -> &'static str {
    "news"
}

fn main() {}
