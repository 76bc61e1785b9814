use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(name = "orders")]
struct Order {
    #[partition_key]
    id: String,
}

fn main() {}
