#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders/{id}", auth = Public)]
async fn get() {}

fn main() {}
