use skyloom::{Api, NoContent, Public, handler};

#[derive(Api)]
#[api(rest)]
struct Shop;

#[handler(ANY "$default", auth = Public, api = Shop)]
async fn rest() -> NoContent {
    NoContent
}

fn main() {}
