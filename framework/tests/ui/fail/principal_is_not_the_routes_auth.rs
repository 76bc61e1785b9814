#![allow(unused)]

use serde::Deserialize;
use skyloom::{NoContent, Public, UserPool, handler};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(GET "/orders", auth = Public)]
async fn list(shopper: Shopper) -> NoContent {
    NoContent
}

fn main() {}
