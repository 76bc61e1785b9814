#![allow(unused)]

use skyloom::{Json, Public, handler};

#[handler(GET "/orders", auth = Public)]
async fn list(filter: Option<Json<String>>) {}

fn main() {}
