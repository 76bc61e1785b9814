use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};
use hashlink::LruCache;
use jsonwebtoken::jwk::Jwk;

/// So many tokens are remembered: those of as many users at once. An entry is smaller than a kilobyte.
const TOKENS: usize = 1_024;

/// Tokens whose signature was found right, each with the key that it was right for. A client sends the same token again and again, and
/// the mathematics are a tenth of what a request costs. All else that is asked of a token is asked each time.
#[derive(Clone)]
pub(crate) struct Verified(Arc<Mutex<LruCache<Fingerprint, Jwk>>>);

/// The token's SHA-256: tokens themselves are not kept.
type Fingerprint = [u8; 32];

impl Verified {
    /// Whether the key signed the token, which `verify` finds out unless it is known.
    pub(super) fn check<E>(&self, token: &str, key: &Jwk, verify: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let fingerprint = fingerprint(token);
        if self.tokens().get(&fingerprint).is_some_and(|known| known == key) {
            return Ok(());
        }
        verify()?;
        self.tokens().insert(fingerprint, key.clone());
        Ok(())
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, LruCache<Fingerprint, Jwk>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Verified {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(TOKENS))))
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.tokens().len())
    }
}

fn fingerprint(token: &str) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    fingerprint
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(n: &str) -> Jwk {
        serde_json::from_value(json!({ "kty": "RSA", "kid": "a", "n": n, "e": "AQAB" })).unwrap()
    }

    const RIGHT: fn() -> Result<(), &'static str> = || Ok(());
    const WRONG: fn() -> Result<(), &'static str> = || Err("wrong");

    #[test]
    fn what_a_key_signed_is_known_the_next_time_and_only_that() {
        let verified = Verified::default();
        assert_eq!(verified.check("token", &key("one"), RIGHT), Ok(()));
        assert_eq!(verified.check("token", &key("one"), WRONG), Ok(()), "it is known");
        assert_eq!(verified.check("token", &key("two"), WRONG), Err("wrong"), "another key of the same id");
        assert_eq!(verified.check("tokem", &key("one"), WRONG), Err("wrong"), "another token");
    }

    #[test]
    fn what_is_signed_wrong_is_looked_at_each_time() {
        let verified = Verified::default();
        assert_eq!(verified.check("token", &key("one"), WRONG), Err("wrong"));
        assert_eq!(verified.check("token", &key("one"), WRONG), Err("wrong"));
    }

    #[test]
    fn no_more_tokens_are_remembered_than_there_is_room_for() {
        let verified = Verified::default();
        for number in 0..2 * TOKENS {
            verified.check(&number.to_string(), &key("one"), RIGHT).unwrap();
        }
        assert_eq!(format!("{verified:?}"), "1024 tokens");
    }
}
