#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "orders", auth = Public)]
async fn list() {}

fn main() {}
