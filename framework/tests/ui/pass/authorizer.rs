use serde::{Deserialize, Serialize};
use skyloom::{BearerToken, Error, NoContent, Read, Table, Unauthorized, handler};

#[derive(Table, Serialize, Deserialize)]
pub struct Token {
    #[partition_key]
    pub value: String,
    pub partner: String,
}

#[derive(Serialize, Deserialize)]
pub struct Partner {
    pub name: String,
}

#[handler(authorizer, cache = "5m", timeout = "5s")]
async fn partner(token: BearerToken, tokens: Read<Token>) -> Result<Partner, Unauthorized> {
    let found = tokens.get(token.as_str()).await?;
    found.map(|token| Partner { name: token.partner }).ok_or(Unauthorized::new())
}

#[handler(GET "/feed", auth = Partner)]
async fn feed(partner: Partner) -> Result<NoContent, Error> {
    drop(partner);
    Ok(NoContent)
}
