use skyloom::{BearerToken, Unauthorized, handler};

struct Partner;

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Err(Unauthorized::new())
}

fn main() {}
