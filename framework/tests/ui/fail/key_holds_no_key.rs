use serde::{Deserialize, Serialize};
use skyloom::Key;

#[derive(Key, Serialize, Deserialize)]
struct Id(f64);

fn main() {}
