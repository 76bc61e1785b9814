#![allow(unused)]

use skyloom::{Json, Path, handler};

#[handler(POST "/orders", memory = 64, timeout = 30, colour = "red")]
fn place(id: Path<String>, new: Json<String>, old: Json<String>) {}

fn main() {}
