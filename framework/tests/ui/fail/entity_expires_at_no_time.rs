use serde::{Deserialize, Serialize};
use skyloom::{Entity, Table, table};

#[derive(Table)]
#[table(ttl = "expires_at")]
struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CART#{id}", sort = "CART")]
struct Cart {
    id: String,
    expires_at: Option<String>,
}

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CODE#{id}", sort = "CODE")]
struct Code {
    id: String,
    expires_at: table::Millis<std::time::SystemTime>,
}

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "LINK#{id}", sort = "LINK")]
struct Link {
    id: String,
    expires_at: Option<table::Seconds<std::time::SystemTime>>,
    opened_at: table::Millis<std::time::SystemTime>,
}

fn main() {}
