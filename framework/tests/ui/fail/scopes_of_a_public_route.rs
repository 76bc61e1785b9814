#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, scopes = ["orders/read"])]
async fn list() {}

fn main() {}
