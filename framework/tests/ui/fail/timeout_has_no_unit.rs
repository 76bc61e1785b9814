#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, timeout = 30)]
async fn list() {}

fn main() {}
