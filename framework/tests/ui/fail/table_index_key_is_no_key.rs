use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[index(ByTotal, partition = "total")]
struct Order {
    #[partition_key]
    id: String,
    total: f64,
}

fn main() {}
