use serde::{Deserialize, Serialize};
use skyloom::{UserPool, handler};

#[derive(UserPool, Serialize, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(GET "/me", auth = Shopper, cache = "60s")]
async fn me(shopper: Shopper) -> String {
    shopper.sub
}

fn main() {}
