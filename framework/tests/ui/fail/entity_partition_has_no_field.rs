#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Table};

#[derive(Table)]
#[index(ByDay, partition = "gsi1pk", sort = "gsi1sk")]
pub struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMERS", sort = "ORDER#{id:08}")]
struct Order {
    customer: String,
    id: u64,
    day: String,
    price: f64,
}

fn main() {}
