#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, Error, Table, Window, handler};

#[derive(Serialize, Deserialize)]
struct Address {
    city: String,
}

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Order {
    #[partition_key]
    id: String,
    status: String,
    open: bool,
    total: u64,
    address: Option<Address>,
}

#[handler(stream = Order, filter(new.address = "Bern"))]
async fn ship(change: Change<Order>) {}

fn main() {}
