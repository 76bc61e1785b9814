use serde::{Deserialize, Serialize};
use skyloom::{BearerToken, Unauthorized, handler};

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
}

#[handler(authorizer, cache = "5m", identity(header = "x-tenant"))]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Ok(Partner { name: token.as_str().into() })
}

fn main() {}
