#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, batch_size = 10)]
async fn list() {}

fn main() {}
