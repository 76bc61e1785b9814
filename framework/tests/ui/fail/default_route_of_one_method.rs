#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "$default", auth = Public)]
async fn list() {}

fn main() {}
