use skyloom::{NoContent, handler};

#[handler(GET "/orders", auth = "public")]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
