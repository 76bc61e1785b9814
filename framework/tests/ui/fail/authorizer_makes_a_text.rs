use skyloom::{BearerToken, Unauthorized, handler};

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<String, Unauthorized> {
    Ok(token.as_str().into())
}

fn main() {}
