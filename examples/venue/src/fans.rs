//! Fans: what a phone does with credentials of its own, and no function between.

use serde::{Deserialize, Serialize};
use skyloom::{Error, Iam, IdentityPool, Json, Own, Read, Scan, Table, Write, handler};

use crate::people::{Crew, Visitor};
use crate::programme::Show;
use crate::tickets::Ticket;

/// An act that a fan likes. The fan's phone reads and writes it by itself.
#[derive(Debug, PartialEq, Table, Serialize, Deserialize)]
pub struct Favourite {
    /// The id of the fan's identity.
    #[partition_key]
    pub fan: String,
    /// Who plays.
    #[sort_key]
    pub act: String,
}

/// What a fan shows at the bar.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Card {
    /// The id of the fan's identity.
    pub fan: String,
}

/// Gives a fan a card.
#[handler(GET "/card", auth = Iam)]
async fn card(caller: Iam) -> Result<Json<Card>, Error> {
    let fan = caller.identity.ok_or_else(|| Error::forbidden("cards are for fans"))?;
    Ok(Json(Card { fan: fan.id }))
}

/// Credentials for phones: guests read the programme, fans have favourites and a card, and bookers look at all tickets.
#[derive(Debug, IdentityPool)]
#[identity_pool(
    providers = [Visitor, Crew],
    authenticated(allow = [Read<Show>, Own<Read<Favourite>>, Own<Write<Favourite>>], routes = [card]),
    unauthenticated(allow = [Read<Show>]),
    role(name = "bookers", group = "booker", allow = [Read<Show>, Scan<Ticket>])
)]
pub struct Fans;
