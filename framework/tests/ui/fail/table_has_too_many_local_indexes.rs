use serde::{Deserialize, Serialize};
use skyloom::Table;

#[derive(Table, Serialize, Deserialize)]
#[index(ByOne, local, sort = "status")]
#[index(ByTwo, local, sort = "status")]
#[index(ByThree, local, sort = "status")]
#[index(ByFour, local, sort = "status")]
#[index(ByFive, local, sort = "status")]
#[index(BySix, local, sort = "status")]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    id: String,
    status: String,
    total_cents: u64,
}

fn main() {}
