#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, Table, handler};

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    status: String,
}

#[handler(stream = Order)]
async fn ship(change: Change<Order>) {}

fn main() {}
