use serde::Deserialize;
use skyloom::Table;

#[derive(Table, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
}

fn main() {}
