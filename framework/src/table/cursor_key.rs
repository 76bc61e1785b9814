//! What keeps cursors secret and authentic.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
    hmac::{self, HMAC_SHA256},
    rand,
};
use skyloom_manifest::bridge::CURSOR_KEY_VARIABLE;

/// Says how a cursor was made, so that another way can follow it.
const VERSION: u8 = 1;

/// The cursor key of an execution environment, made ready when the first cursor needs it.
#[derive(Clone, Debug)]
pub(super) struct CursorKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What the environment variable holds.
    secret: Option<Secret>,
    ready: OnceLock<Option<Keys>>,
}

struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[derive(Debug)]
struct Keys {
    encryption: LessSafeKey,
    nonce: hmac::Key,
}

/// What is sealed and to what it belongs cannot be known: a caller may have made it up.
#[derive(Debug)]
pub(super) struct NotOurs;

impl CursorKey {
    /// The key of the environment with these variables. Without one, cursors are good for this process.
    pub(super) fn of(variables: &dyn Fn(&str) -> Option<String>) -> Self {
        let secret = variables(CURSOR_KEY_VARIABLE).filter(|secret| !secret.is_empty()).map(Secret);
        if secret.is_none() && variables("AWS_LAMBDA_FUNCTION_NAME").is_some() {
            tracing::debug!("without {CURSOR_KEY_VARIABLE}, cursors are good for this instance of the function only");
        }
        Self(Arc::new(Inner { secret, ready: OnceLock::new() }))
    }

    /// Encrypts the text so that it is opened only with the same binding. The same text gives the same bytes.
    pub(super) fn seal(&self, binding: &[u8], text: &str) -> Result<Vec<u8>, NotOurs> {
        let keys = self.keys()?;
        let nonce = keys.nonce_of(binding, text);
        let mut sealed = text.as_bytes().to_vec();
        let nonce_and_tag = Nonce::assume_unique_for_key(nonce);
        keys.encryption.seal_in_place_append_tag(nonce_and_tag, Aad::from(binding), &mut sealed)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Decrypts what [`seal`](Self::seal) made with the same binding.
    pub(super) fn open(&self, binding: &[u8], sealed: &[u8]) -> Result<String, NotOurs> {
        let (version, rest) = sealed.split_first().ok_or(NotOurs)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(NotOurs)?;
        if *version != VERSION {
            return Err(NotOurs);
        }
        let mut text = text.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let opened = self.keys()?.encryption.open_in_place(nonce, Aad::from(binding), &mut text)?;
        String::from_utf8(opened.to_vec()).map_err(|_| NotOurs)
    }

    fn keys(&self) -> Result<&Keys, NotOurs> {
        let make = || match &self.0.secret {
            Some(Secret(secret)) => Keys::of(secret.as_bytes()).ok(),
            None => Keys::of(process_secret()?).ok(),
        };
        self.0.ready.get_or_init(make).as_ref().ok_or(NotOurs)
    }
}

impl Keys {
    /// The secret is random and long enough, so that one round of HMAC makes independent keys of it.
    fn of(secret: &[u8]) -> Result<Self, Unspecified> {
        let secret = hmac::Key::new(HMAC_SHA256, secret);
        let derive = |purpose: &str| hmac::sign(&secret, purpose.as_bytes());
        let encryption = UnboundKey::new(&AES_256_GCM, derive("skyloom cursor encryption").as_ref())?;
        let nonce = hmac::Key::new(HMAC_SHA256, derive("skyloom cursor nonce").as_ref());
        Ok(Self { encryption: LessSafeKey::new(encryption), nonce })
    }

    /// A nonce that is made of what it encrypts repeats only where the whole cursor does. So a run that is repeated from a
    /// seed has the same cursors, and no counter has to be kept.
    fn nonce_of(&self, binding: &[u8], text: &str) -> [u8; NONCE_LEN] {
        let mut context = hmac::Context::with_key(&self.nonce);
        context.update(&(binding.len() as u64).to_be_bytes());
        context.update(binding);
        context.update(text.as_bytes());
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&context.sign().as_ref()[..NONCE_LEN]);
        nonce
    }
}

/// Shared by all that is in this process and was given no key.
fn process_secret() -> Option<&'static [u8]> {
    static SECRET: OnceLock<Option<[u8; 32]>> = OnceLock::new();
    let make = || {
        let mut secret = [0; 32];
        rand::fill(&mut secret).ok().map(|()| secret)
    };
    SECRET.get_or_init(make).as_ref().map(|secret| &secret[..])
}

impl From<Unspecified> for NotOurs {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &'static str) -> CursorKey {
        CursorKey::of(&|name| (name == CURSOR_KEY_VARIABLE).then(|| secret.to_owned()))
    }

    #[test]
    fn what_is_sealed_is_opened_with_the_same_key_and_binding() {
        let sealed = key("one").seal(b"ann", "secret text").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(key("one").open(b"ann", &sealed).unwrap(), "secret text");
        assert!(key("two").open(b"ann", &sealed).is_err());
        assert!(key("one").open(b"bob", &sealed).is_err());
        assert_eq!(key("one").seal(b"ann", "secret text").unwrap(), sealed);
        assert_ne!(key("one").seal(b"bob", "secret text").unwrap()[..13], sealed[..13], "the nonce differs");
    }

    #[test]
    fn no_bit_of_it_can_be_changed() {
        let key = key("one");
        let sealed = key.seal(b"ann", "text").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut forged = sealed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(key.open(b"ann", &forged).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(key.open(b"ann", &sealed[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn without_a_key_a_process_has_its_own() {
        let sealed = CursorKey::of(&|_| None).seal(b"ann", "text").unwrap();
        assert_eq!(CursorKey::of(&|_| None).open(b"ann", &sealed).unwrap(), "text");
        assert!(key("").open(b"ann", &sealed).is_ok(), "an empty key is none");
    }
}
