use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{self, SHA256},
    hmac,
};

use crate::iam::{authorization::Scope, refusal::Refusal};

/// What signs for one day, region and service.
#[derive(Debug)]
pub(super) struct SigningKey(hmac::Key);

impl SigningKey {
    pub(super) fn new(secret: &str, scope: &Scope) -> Self {
        let mut key = hmac::sign(&hmac_key(format!("AWS4{secret}")), scope.date.as_bytes());
        for part in [&scope.region, &scope.service, "aws4_request"] {
            key = hmac::sign(&hmac_key(key), part.as_bytes());
        }
        Self(hmac_key(key))
    }

    pub(super) fn sign(&self, text: &str) -> String {
        hex(hmac::sign(&self.0, text.as_bytes()))
    }

    /// Whether that is the signature of a text.
    pub(super) fn verify(&self, text: &str, signature: &str) -> Result<(), Refusal> {
        verify_slices_are_equal(self.sign(text).as_bytes(), signature.as_bytes())
            .map_err(|_| Refusal::SignatureMismatch)
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&SHA256, bytes))
}

fn hmac_key(secret: impl AsRef<[u8]>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref())
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
