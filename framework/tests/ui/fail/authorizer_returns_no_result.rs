#![allow(unused)]

use skyloom::{BearerToken, handler};

#[handler(authorizer)]
async fn partner(token: BearerToken) -> String {
    String::new()
}

fn main() {}
