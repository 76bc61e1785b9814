#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Collection, Entity, Table};

#[derive(Table)]
#[index(ByDay, partition = "gsi1pk", sort = "gsi1sk")]
pub struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{id}", sort = "PROFILE")]
pub struct Customer {
    pub id: String,
}

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
pub struct Order {
    pub customer: String,
    pub id: String,
}

#[derive(Collection)]
enum CustomerItems {
    Order(Order),
    Purchase(Order),
}

fn main() {}
