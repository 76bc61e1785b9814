use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "state")]
struct Order {
    #[partition_key]
    id: String,
    status: String,
}

fn main() {}
