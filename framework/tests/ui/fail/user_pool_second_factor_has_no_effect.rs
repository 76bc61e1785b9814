use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(mfa_methods = ["totp"], email_identity = "example.com")]
struct Shopper {
    sub: String,
}

fn main() {}
