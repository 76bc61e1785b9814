#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, memroy = 256)]
async fn list() {}

fn main() {}
