#![allow(unused)]

#[skyloom_local::test(orders)]
async fn it_works() {}

fn main() {}
