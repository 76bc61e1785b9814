#![allow(unused)]

use skyloom::{Bytes, Json, Public, handler};

#[handler(POST "/orders", auth = Public)]
async fn place(json: Json<String>, raw: Bytes) {}

fn main() {}
