use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-images")]
struct Order {
    #[partition_key]
    id: String,
}

fn main() {}
