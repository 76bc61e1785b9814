//! Whom the guarded route lets in: the same user, key and token for every server.

use skyloom_benches_local::load::{self, Exchange};

use crate::skyloom_dev::SkyloomDev;

pub struct Guard {
    pub issuer: String,
    pub audience: String,
    /// A JSON Web Key Set.
    pub keys: String,
    /// The ID token of somebody who is signed in.
    pub token: String,
}

impl Guard {
    /// That of a server which is running, and need not be later.
    pub fn of(server: &SkyloomDev) -> Self {
        let pool = server.pool();
        let keys = Exchange::new(&format!("GET /{}/.well-known/jwks.json HTTP/1.1", pool.id), "", "200");
        let keys = load::ask(server.aws(), &keys);
        Self { issuer: pool.issuer, audience: pool.client_id, keys, token: server.token() }
    }
}
