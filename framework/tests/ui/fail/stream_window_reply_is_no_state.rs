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

#[derive(Default, Serialize, Deserialize)]
struct Sum {
    cents: u64,
}

#[handler(stream = Order, tumbling_window = "1m")]
async fn add_up(changes: Vec<Change<Order>>, window: Window<Sum>) -> Result<(), Error> {
    Ok(())
}

fn main() {}
