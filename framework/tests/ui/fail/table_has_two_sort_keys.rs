use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    #[sort_key]
    at: String,
    #[sort_key]
    line: u32,
}

fn main() {}
