//! What the client of a pool has to show, and may do.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    hmac::{self, HMAC_SHA256},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use skyloom_manifest::AuthFlow;

use super::{error::Error, ids, pool::Pool};

impl Pool {
    /// The client's secret, if it has one.
    pub(super) fn client_secret(&self) -> Option<String> {
        self.client.secret.then(|| ids::client_secret(&self.client_id))
    }

    pub(super) fn allows(&self, flow: AuthFlow) -> bool {
        self.client.flows.contains(&flow)
    }

    /// A client with a secret shows that it knows it: `SECRET_HASH` is an HMAC of the user's name and the client's id.
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash>
    pub(super) fn check_secret_hash(&self, name: &str, given: Option<&str>) -> Result<(), Error> {
        let wrong = || Error::SecretHash(self.client_id.clone());
        match (self.client_secret(), given) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(wrong()),
            (Some(_), None) => Err(Error::SecretHashMissing(self.client_id.clone())),
            (Some(secret), Some(given)) => {
                let key = hmac::Key::new(HMAC_SHA256, secret.as_bytes());
                let given = STANDARD.decode(given).map_err(|_| wrong())?;
                hmac::verify(&key, format!("{name}{}", self.client_id).as_bytes(), &given).map_err(|_| wrong())
            }
        }
    }

    /// What a client with a secret shows for a user.
    pub(super) fn secret_hash(&self, name: &str) -> Option<String> {
        let key = hmac::Key::new(HMAC_SHA256, self.client_secret()?.as_bytes());
        Some(STANDARD.encode(hmac::sign(&key, format!("{name}{}", self.client_id).as_bytes())))
    }

    /// Where no user is named, the secret itself is sent.
    pub(super) fn check_client_secret(&self, given: Option<&str>) -> Result<(), Error> {
        let fits = match (self.client_secret(), given) {
            (None, given) => given.is_none(),
            (Some(_), None) => false,
            (Some(secret), Some(given)) => verify_slices_are_equal(secret.as_bytes(), given.as_bytes()).is_ok(),
        };
        if fits { Ok(()) } else { Err(Error::ClientSecret(self.client_id.clone())) }
    }
}
