#![allow(unused)]

use serde::Deserialize;
use skyloom::{Error, UserPool, handler, user_pool::*};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[derive(UserPool, Deserialize)]
struct Driver {
    sub: String,
}

#[handler(user_pool = Shopper, on = "pre-sign-up")]
async fn check(event: PostConfirmation<Shopper>) {}

#[handler(user_pool = Shopper, on = "post-confirmation")]
async fn greet(event: PostConfirmation<Driver>) {}

fn main() {}
