#![allow(unused)]

use serde::Deserialize;
use skyloom::{Error, UserPool, handler, user_pool::*};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(user_pool = Shopper, on = "post-confirmation", timeout = "30s")]
async fn greet(event: PostConfirmation<Shopper>) {}

fn main() {}
