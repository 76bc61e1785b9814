#![allow(unused)]

use skyloom::{Json, NoContent, Path, handler};

struct Shopper;

#[handler(PUT "/orders/{id}", auth = Shopper)]
async fn list(id: Path<String>, body: Json<String>) -> NoContent {
    NoContent
}

fn main() {}
