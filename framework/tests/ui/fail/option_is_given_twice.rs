#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, memory = 256, memory = 512)]
async fn list() {}

fn main() {}
