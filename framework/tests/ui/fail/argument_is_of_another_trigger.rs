#![allow(unused)]

use skyloom::{Query, handler};

#[handler(schedule = "rate(1 hour)")]
async fn report(page: Query<String>) {}

fn main() {}
