use serde::{Deserialize, Serialize};
use skyloom::{Change, Table, handler};

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Order {
    #[partition_key]
    id: String,
    status: String,
}

#[handler(stream = Order)]
async fn ship(changes: Vec<Change<Order>>) -> usize {
    changes.len()
}

fn main() {}
