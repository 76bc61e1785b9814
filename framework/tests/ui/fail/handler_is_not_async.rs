#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public)]
fn list() {}

fn main() {}
