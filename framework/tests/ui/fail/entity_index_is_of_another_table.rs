#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Table};

#[derive(Table)]
pub struct Shop;

#[derive(Table)]
#[index(ByDay, partition = "gsi1pk")]
pub struct Warehouse;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
#[index(ByDay, partition = "DAY#{day}")]
struct Order {
    customer: String,
    id: String,
    day: String,
}

fn main() {}
