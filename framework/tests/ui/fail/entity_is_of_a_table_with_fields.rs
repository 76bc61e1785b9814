#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Table};

#[derive(Table, Serialize, Deserialize)]
pub struct Shop {
    #[partition_key]
    id: String,
}

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
struct Order {
    customer: String,
    id: String,
    note: String,
}

fn main() {}
