#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Table};

#[derive(Table)]
#[table(discriminator = "kind")]
pub struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
struct Order {
    customer: String,
    id: String,
    kind: String,
    #[serde(rename = "sk")]
    stock_keeping: String,
}

fn main() {}
