#![allow(unused)]

use skyloom::{Path, Public, handler};

#[handler(GET "/files/{path+}/meta", auth = Public)]
async fn get(path: Path<String>) {}

fn main() {}
