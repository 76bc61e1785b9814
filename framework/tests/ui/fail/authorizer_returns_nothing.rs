#![allow(unused)]

use skyloom::{BearerToken, handler};

#[handler(authorizer)]
async fn partner(token: BearerToken) {}

fn main() {}
