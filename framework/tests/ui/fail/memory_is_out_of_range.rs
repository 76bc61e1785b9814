#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, memory = 64)]
async fn list() {}

fn main() {}
