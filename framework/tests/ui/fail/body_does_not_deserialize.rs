#![allow(unused)]

use skyloom::{Json, NoContent, Public, handler};

struct New;

#[handler(POST "/orders", auth = Public)]
async fn place(new: Json<New>) -> NoContent {
    NoContent
}

fn main() {}
