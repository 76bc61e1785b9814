#![allow(unused)]

use skyloom::{NoContent, Public, handler};

#[handler(GET "/orders", auth = Public)]
async fn list(limit: Option<Vec<usize>>) -> NoContent {
    NoContent
}

fn main() {}
