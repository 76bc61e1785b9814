use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order {
    id: String,
}

fn main() {}
