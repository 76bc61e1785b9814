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

#[derive(Table, Serialize, Deserialize)]
struct Shipment {
    #[partition_key]
    id: String,
}

#[handler(stream = Order)]
async fn ship(change: Change<Shipment>) {}

fn main() {}
