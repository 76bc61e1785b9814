use serde::{Deserialize, Serialize};
use skyloom::Key;

#[derive(Key, Serialize, Deserialize)]
enum Status {
    Open,
    Shipped(u64),
}

fn main() {}
