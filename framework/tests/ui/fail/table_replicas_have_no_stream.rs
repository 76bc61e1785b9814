use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "keys-only", replicas = ["us-east-1"])]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: String,
    total_cents: u64,
}

fn main() {}
