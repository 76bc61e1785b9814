#![allow(unused)]

use skyloom_local::Local;

#[skyloom_local::test(orders, faults(crash = 0.5))]
async fn it_works(app: Local) {}

fn main() {}
