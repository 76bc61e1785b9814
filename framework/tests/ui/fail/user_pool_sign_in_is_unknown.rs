use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "mail")]
struct Shopper {
    sub: String,
}

fn main() {}
