#![allow(unused)]

use skyloom_local::Local;

#[skyloom_local::test(orders)]
fn it_works(app: Local) {}

fn main() {}
