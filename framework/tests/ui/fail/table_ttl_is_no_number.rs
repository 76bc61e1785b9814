use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[table(ttl = "expires_at")]
struct Order {
    #[partition_key]
    id: String,
    expires_at: String,
}

fn main() {}
