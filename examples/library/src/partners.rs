//! Other libraries ask what is there.

use skyloom::{BearerToken, Error, Json, Path, Read, Unauthorized, handler};

use crate::model::{Partner, PartnerToken, Volume};

/// Knows partners by their token.
#[handler(authorizer, cache = "5m", memory = 128)]
async fn partner(token: BearerToken, tokens: Read<PartnerToken>) -> Result<Partner, Unauthorized> {
    let known = tokens.get(token.as_str()).await?.ok_or(Unauthorized::new())?;
    Ok(Partner { name: known.partner, branches: known.branches })
}

/// Lists what a partner could have of a book from the houses that it may ask.
#[handler(GET "/partners/books/{isbn}", auth = Partner)]
async fn list_for_partner(
    partner: Partner,
    Path(isbn): Path<u64>,
    volumes: Read<Volume>,
) -> Result<Json<Vec<Volume>>, Error> {
    let available =
        volumes.query(isbn).filter(Volume::BORROWER.not_exists().and(Volume::BRANCH.is_in(partner.branches)));
    Ok(Json(available.all().await?))
}
