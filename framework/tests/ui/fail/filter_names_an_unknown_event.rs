#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, Table, handler};

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Order {
    #[partition_key]
    id: String,
    status: String,
}

#[handler(stream = Order, filter(event = "insertion"))]
async fn ship(change: Change<Order>) {}

fn main() {}
