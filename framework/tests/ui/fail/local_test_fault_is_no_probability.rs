#![allow(unused)]

use skyloom_local::Local;

#[skyloom_local::test(orders, seeds = 200, faults(crash = 2.0))]
async fn it_works(app: Local) {}

fn main() {}
