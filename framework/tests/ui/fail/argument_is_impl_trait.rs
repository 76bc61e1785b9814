#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public)]
async fn list(limit: impl Clone) {}

fn main() {}
