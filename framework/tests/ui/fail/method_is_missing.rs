#![allow(unused)]

use skyloom::{Public, handler};

#[handler("/orders", auth = Public)]
async fn list() {}

fn main() {}
