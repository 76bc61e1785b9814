//! Who has an account: visitors, who make their own, and the crew, for whom the house does.

use serde::Deserialize;
use skyloom::user_pool::PreSignUp;
use skyloom::{Error, UserPool, UserPoolClient, handler};

/// Buys tickets. Visitors sign in on the pool's own page, which gives the site's token the scope to buy.
///
/// Only `sub` is in every token; the access token, which the scopes are in, has no `email`.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(
    sign_in = "email",
    self_sign_up,
    domain = "blue-hall",
    oauth(
        scopes = ["openid", "email", "tickets/buy"],
        callbacks = ["http://localhost:3000/signed-in"],
        logouts = ["http://localhost:3000/shows"]
    )
)]
#[resource_server(identifier = "tickets", scopes = ["buy", "count"])]
pub struct Visitor {
    /// The user's id.
    pub sub: String,
}

/// The statistics office's program, which asks at night how many came. It is a machine, and so no visitor.
#[derive(Debug, UserPoolClient)]
#[client(pool = Visitor, flows = ["client-credentials"], scopes = ["tickets/count"])]
pub struct Statistics;

/// Works here. Whoever can change the programme shows more than a password.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "email", groups = ["booker", "sound"], mfa = "required", password(min_length = 12))]
pub struct Crew {
    /// The user's id.
    pub sub: String,
}

/// Where the crew's mail comes from.
const HOUSE: &str = "@blue-hall.example";

/// Lets nobody into the crew's pool whose address is not the house's, whoever makes the account.
#[handler(user_pool = Crew, on = "pre-sign-up")]
async fn only_the_house(event: PreSignUp<Crew>) -> Result<(), Error> {
    match event.attribute("email") {
        Some(email) if email.ends_with(HOUSE) => Ok(()),
        _ => Err(Error::forbidden("the crew's addresses end in @blue-hall.example")),
    }
}
