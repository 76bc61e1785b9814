use skyloom::{NoContent, Public, handler};

struct Shop;

#[handler(GET "/orders", auth = Public, api = Shop)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
