use serde::{Deserialize, Serialize};
use skyloom::{IdentityPool, Json, Read, Table, UserPool};

#[derive(UserPool, Deserialize)]
struct Member {
    sub: String,
}

#[derive(Table, Serialize, Deserialize)]
struct Note {
    #[partition_key]
    owner: String,
}

#[derive(IdentityPool)]
#[identity_pool(providers = [Member], authenticated(allow = [Read<Note>, Note, Json<Note>]))]
struct Visitors;

fn main() {}
