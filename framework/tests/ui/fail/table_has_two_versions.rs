use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    #[version]
    id: u64,
    #[version]
    version: Option<u64>,
}

fn main() {}
