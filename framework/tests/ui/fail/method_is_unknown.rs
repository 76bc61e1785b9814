#![allow(unused)]

use skyloom::{Public, handler};

#[handler(FETCH "/orders", auth = Public)]
async fn list() {}

fn main() {}
