#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, timeout = "1m")]
async fn list() {}

fn main() {}
