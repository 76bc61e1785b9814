use serde::Deserialize;
use skyloom::{UserPool, handler};

#[derive(UserPool, Deserialize)]
#[user_pool(attribute(name = "plan", type = "string"))]
struct Shopper {
    #[serde(rename = "custom:plans")]
    plan: Option<String>,
    #[serde(alias = "custom:tenant", rename(deserialize = "custom:plan"))]
    tenant: Option<String>,
}

#[handler(GET "/plan", auth = Shopper)]
async fn plan(shopper: Shopper) -> String {
    shopper.plan.or(shopper.tenant).unwrap_or_default()
}

fn main() {}
