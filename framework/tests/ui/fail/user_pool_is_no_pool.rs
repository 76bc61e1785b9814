#![allow(unused)]

use serde::Deserialize;
use skyloom::{Error, UserPool, handler, user_pool::*};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

struct Order;

#[handler(user_pool = Order, on = "pre-sign-up")]
async fn check() {}

fn main() {}
