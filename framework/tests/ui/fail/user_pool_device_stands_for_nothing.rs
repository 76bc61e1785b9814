use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
#[user_pool(mfa = "required", challenge_required_on_new_device)]
struct Shopper {
    sub: String,
}

#[derive(UserPool, Deserialize)]
#[user_pool(remember_devices = "always", challenge_required_on_new_device)]
struct Partner {
    sub: String,
}

fn main() {}
