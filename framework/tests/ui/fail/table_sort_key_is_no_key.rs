use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    #[sort_key]
    lines: Vec<String>,
}

fn main() {}
