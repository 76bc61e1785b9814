use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(provisioned(reads = 5, writes = 5))]
#[index(ByStatus, partition = "status", on_demand(max_reads = 5))]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: String,
    total_cents: u64,
}

fn main() {}
