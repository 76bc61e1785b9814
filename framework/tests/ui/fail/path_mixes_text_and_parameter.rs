#![allow(unused)]

use skyloom::{Path, Public, handler};

#[handler(GET "/orders/no-{id}", auth = Public)]
async fn get(id: Path<String>) {}

fn main() {}
