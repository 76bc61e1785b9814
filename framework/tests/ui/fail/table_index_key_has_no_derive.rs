use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Serialize, Deserialize)]
enum Status {
    Open,
}

#[derive(Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status", sort = "id")]
struct Order {
    #[partition_key]
    id: String,
    status: Status,
}

fn main() {}
