#![allow(unused)]

use skyloom::{Path, Public, handler};

#[handler(GET "/orders/{id}", auth = Public)]
async fn get(path: Path<(String, u32)>) {}

fn main() {}
