#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Change, Entity, Table, handler};

#[derive(Table)]
#[table(stream = "new-and-old-images")]
struct Shop;

#[derive(Table)]
struct Archive;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Archive, partition = "ORDER#{id}", sort = "ORDER")]
struct Order {
    id: String,
}

/// The table has no items of its own.
#[handler(stream = Shop)]
async fn all(change: Change<Shop>) {}

/// It is in another table.
#[handler(stream = Shop)]
async fn orders(changes: Vec<Change<Order>>) {}

fn main() {}
