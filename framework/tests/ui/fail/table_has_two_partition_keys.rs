use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    #[partition_key]
    shopper: String,
}

fn main() {}
