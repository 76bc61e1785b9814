use skyloom::{Public, handler};

struct Page;

#[handler(GET "/orders", auth = Public)]
async fn list() -> Page {
    Page
}

fn main() {}
