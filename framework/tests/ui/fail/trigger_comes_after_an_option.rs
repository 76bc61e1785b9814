#![allow(unused)]

use skyloom::{Public, handler};

#[handler(auth = Public, GET "/orders")]
async fn list() {}

fn main() {}
