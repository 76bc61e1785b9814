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

#[handler(stream = Order, on_failure = que("DeadLetters"))]
async fn misspelt(change: Change<Order>) {}

#[handler(stream = Order, on_failure = "arn:aws:lambda:eu-west-1:111122223333:function:f")]
async fn function(change: Change<Order>) {}

#[handler(stream = Order, on_failure = queue("dead-letters"))]
async fn odd_name(change: Change<Order>) {}

fn main() {}
