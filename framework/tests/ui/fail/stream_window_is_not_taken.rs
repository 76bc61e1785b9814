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

#[handler(stream = Order, tumbling_window = "1m")]
async fn no_window(changes: Vec<Change<Order>>) {}

#[handler(stream = Order)]
async fn no_option(changes: Vec<Change<Order>>, window: Window<Vec<u8>>) {}

#[handler(stream = Order, tumbling_window = "20m", parallelization = 2)]
async fn one_by_one(change: Change<Order>, window: Window<Vec<u8>>) {}

fn main() {}
