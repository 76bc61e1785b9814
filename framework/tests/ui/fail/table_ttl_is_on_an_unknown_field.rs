use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(ttl = "expires")]
struct Order {
    #[partition_key]
    id: String,
    expires_at: u64,
}

fn main() {}
