#![allow(unused)]

use skyloom::{Path, Public, handler};

#[handler(GET "/orders", auth = Public)]
async fn list(id: Path<String>) {}

fn main() {}
