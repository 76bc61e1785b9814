#![allow(unused)]

use skyloom::{Public, handler};

#[handler(GET "/orders", auth = Public, retries = 1, on_success = queue("Done"), dead_letter = queue("Dead"))]
async fn list_orders() {}

fn main() {}
