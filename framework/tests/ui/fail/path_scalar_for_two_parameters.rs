#![allow(unused)]

use skyloom::{Path, Public, handler};

#[handler(GET "/orders/{id}/lines/{line}", auth = Public)]
async fn get(id: Path<String>) {}

fn main() {}
