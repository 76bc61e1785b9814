use serde::{Deserialize, Serialize};
use skyloom::Key;

#[derive(Key, Serialize, Deserialize)]
struct Id(u64, u64);

fn main() {}
