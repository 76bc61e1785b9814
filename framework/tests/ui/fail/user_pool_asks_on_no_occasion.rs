#![allow(unused)]

use serde::Deserialize;
use skyloom::{Error, UserPool, handler, user_pool::*};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(user_pool = Shopper, on = "presignup")]
async fn check(event: PreSignUp<Shopper>) {}

#[handler(user_pool = Shopper)]
async fn greet(event: PostConfirmation<Shopper>) {}

fn main() {}
