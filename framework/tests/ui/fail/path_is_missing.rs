#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET, auth = Public)]
async fn list() {}

fn main() {}
