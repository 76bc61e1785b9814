use serde::{Deserialize, Serialize};
use skyloom::{BearerToken, Unauthorized, handler};

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
}

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Ok(Partner { name: token.as_str().into() })
}

#[handler(GET "/hello", auth = partner)]
async fn hello(partner: Partner) -> String {
    partner.name
}

fn main() {}
