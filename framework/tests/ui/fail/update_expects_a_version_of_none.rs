#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Table, Write, table};

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    tags: Vec<String>,
    status: String,
}

async fn expects(orders: Write<Order>) -> Result<Order, table::Error> {
    orders.update("1").expecting(1_u64).await
}

async fn adds_to_a_list(orders: Write<Order>) -> Result<Order, table::Error> {
    orders.update("1").add(Order::TAGS, ["a"]).await
}

async fn sets_another_type(orders: Write<Order>) -> Result<Order, table::Error> {
    orders.update("1").set(Order::STATUS, true).await
}

fn main() {}
