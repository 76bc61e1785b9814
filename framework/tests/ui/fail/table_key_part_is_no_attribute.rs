use serde::{Deserialize, Serialize};
use skyloom::{Read, Table, Write};

#[derive(Table, Serialize, Deserialize)]
#[table(partition = "USER#{user}", sort = "ORDER#{number:08}")]
struct Order {
    user: String,
    number: u64,
    cents: u64,
}

async fn late(orders: Read<Order>) {
    let _ = orders.query("ann").filter(Order::NUMBER.gt(5_u64)).all().await;
}

async fn of_another(orders: Write<Order>) {
    let _ = orders.update(("ann", 17)).set(Order::USER, "bob").await;
}

fn main() {}
