//! An application whose users call AWS themselves, with credentials of an identity pool.

use serde::{Deserialize, Serialize};
use skyloom::{Api, Iam, IdentityPool, Json, Own, Read, Scan, Table, UserPool, Write, handler};

/// What pages call.
#[derive(Api)]
#[api(rest)]
pub struct Desk;

/// Members sign in here.
#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up, groups = ["curators"])]
pub struct Member {
    /// Who it is.
    pub sub: String,
}

/// A note of a visitor.
#[derive(Table, Serialize, Deserialize)]
pub struct Note {
    /// The id of the visitor's identity.
    #[partition_key]
    pub owner: String,
    /// Which of theirs.
    #[sort_key]
    pub id: String,
}

/// A thing that guests may look at.
#[derive(Table, Serialize, Deserialize)]
pub struct Exhibit {
    /// Its name.
    #[partition_key]
    pub name: String,
}

/// Whoever has an identity here.
#[derive(IdentityPool)]
#[identity_pool(
    providers = [Member],
    authenticated(allow = [Own<Read<Note>>, Own<Write<Note>>], routes = [who_am_i]),
    unauthenticated(allow = [Read<Exhibit>]),
    role(name = "curator", group = "curators", allow = [Scan<Exhibit>]),
)]
pub struct Visitors;

/// Members whose client takes a token to STS itself, which leaves no room for roles by rule.
#[derive(IdentityPool)]
#[identity_pool(
    providers = [Member],
    authenticated(routes = [who_am_i]),
    unauthenticated(allow = [Read<Exhibit>]),
    classic_flow,
)]
pub struct Classic;

#[handler(GET "/me", auth = Iam)]
async fn who_am_i(caller: Iam) -> Json<String> {
    Json(caller.identity.map_or(caller.arn, |identity| identity.id))
}

#[handler(DELETE "/notes", auth = Iam)]
async fn close() -> &'static str {
    "closed"
}
