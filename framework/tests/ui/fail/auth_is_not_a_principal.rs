use skyloom::{NoContent, handler};

struct Shopper;

#[handler(GET "/orders", auth = Shopper)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
