#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, handler};

#[derive(Serialize, Deserialize)]
struct Order {
    id: String,
}

#[handler(stream = Order)]
async fn ship(change: Change<Order>) {}

fn main() {}
