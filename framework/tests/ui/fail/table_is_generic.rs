use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
struct Order<T> {
    #[partition_key]
    id: T,
}

fn main() {}
