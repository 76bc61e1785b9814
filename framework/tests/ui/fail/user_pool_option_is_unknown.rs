use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(self_signup)]
struct Shopper {
    sub: String,
}

fn main() {}
