#![allow(unused)]

use serde::Deserialize;
use skyloom::{BearerToken, Unauthorized, handler};

#[derive(Deserialize)]
struct Partner {
    name: String,
}

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Err(Unauthorized::new())
}

fn main() {}
