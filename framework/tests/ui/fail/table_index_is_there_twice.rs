use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status")]
#[index(ByStatus, partition = "status", sort = "id")]
struct Order {
    #[partition_key]
    id: String,
    status: String,
}

fn main() {}
