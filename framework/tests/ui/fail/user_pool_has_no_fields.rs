use serde::Deserialize;
use skyloom::UserPool;

#[derive(UserPool, Deserialize)]
struct Shopper(String);

fn main() {}
