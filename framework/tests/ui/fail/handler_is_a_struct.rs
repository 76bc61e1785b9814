#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public)]
struct List;

fn main() {}
