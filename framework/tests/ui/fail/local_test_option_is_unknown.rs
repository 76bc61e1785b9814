#![allow(unused)]

use skyloom_local::Local;

#[skyloom_local::test(orders, seed = 17)]
async fn it_works(app: Local) {}

fn main() {}
