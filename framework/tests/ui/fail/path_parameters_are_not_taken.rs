#![allow(unused)]

use skyloom::{Public, Query, handler};

#[handler(GET "/orders/{id}/lines/{line}", auth = Public)]
async fn get(query: Query<String>) {}

fn main() {}
