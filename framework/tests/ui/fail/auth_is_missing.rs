use skyloom::{NoContent, handler};

#[handler(GET "/orders", memory = 256)]
async fn list() -> NoContent {
    NoContent
}

fn main() {}
