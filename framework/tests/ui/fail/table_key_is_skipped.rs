use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    #[serde(skip)]
    id: String,
}

fn main() {}
