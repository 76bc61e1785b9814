#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public)]
async unsafe fn list() {}

fn main() {}
