#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, Entity, Table, handler};

#[derive(Table)]
#[table(stream = "new-and-old-images")]
struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "ORDER#{id}", sort = "ORDER")]
struct Order {
    id: String,
}

#[handler(stream = Order)]
async fn orders(change: Change<Order>) {}

fn main() {}
