use serde::Deserialize;
use skyloom::{UserPool, handler};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(url, auth = Shopper)]
async fn export(shopper: Shopper) -> String {
    shopper.sub
}

fn main() {}
