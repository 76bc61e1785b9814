use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["store staff"])]
struct Shopper {
    sub: String,
}

fn main() {}
