//! Partners who have a token in a table.

// ANCHOR: authorizer
use serde::{Deserialize, Serialize};
use skyloom::{BearerToken, Read, Table, Unauthorized, handler};

/// A token that was given to a partner.
#[derive(Table, Serialize, Deserialize)]
pub struct PartnerToken {
    #[partition_key]
    pub token: String,
    pub partner: String,
}

/// Another company's program.
#[derive(Serialize, Deserialize)]
pub struct Partner {
    pub name: String,
}

/// Knows partners by their token.
#[handler(authorizer, cache = "5m")]
async fn partner(token: BearerToken, tokens: Read<PartnerToken>) -> Result<Partner, Unauthorized> {
    let known = tokens.get(token.as_str()).await?.ok_or(Unauthorized::new())?;
    Ok(Partner { name: known.partner })
}

/// Greets a partner.
#[handler(GET "/partners/hello", auth = Partner)]
async fn hello_partner(partner: Partner) -> String {
    format!("Hello, {}!", partner.name)
}
// ANCHOR_END: authorizer

mod tests {
    use skyloom_local::Local;

    use super::PartnerToken;

    // ANCHOR: test
    #[skyloom_local::test]
    async fn partners_are_known_by_their_token(app: Local) {
        app.table::<PartnerToken>().put(&PartnerToken { token: "t-1".into(), partner: "acme".into() }).await;

        let hello = app.get("/partners/hello").bearer("t-1").send().await.expect(200);
        assert_eq!(hello.text(), "Hello, acme!");
        app.get("/partners/hello").bearer("t-2").send().await.expect(403);
        app.get("/partners/hello").send().await.expect(401);
    }
    // ANCHOR_END: test
}
