#![allow(unused)]

use skyloom::{Public, handler};

#[handler(get "/orders", auth = Public)]
async fn list() {}

fn main() {}
