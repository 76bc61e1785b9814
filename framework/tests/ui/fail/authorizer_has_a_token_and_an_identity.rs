use serde::{Deserialize, Serialize};
use skyloom::{AuthorizationToken, Header, Unauthorized, handler};

#[derive(Serialize, Deserialize)]
struct Machine {
    serial: String,
}

#[handler(authorizer, token_header = "X Machine", identity(header = "x-machine"), payload = "3.0")]
async fn machine(token: AuthorizationToken, Header(more): Header<Machine>) -> Result<Machine, Unauthorized> {
    let _ = token;
    Ok(more)
}

fn main() {}
