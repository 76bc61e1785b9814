use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images", replicas = ["virginia"])]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: String,
    total_cents: u64,
}

fn main() {}
