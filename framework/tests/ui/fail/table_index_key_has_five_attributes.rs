use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[index(ByAll, partition = ["status", "total_cents", "a", "b", "c"])]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: String,
    total_cents: u64,
    a: String,
    b: String,
    c: String,
}

fn main() {}
