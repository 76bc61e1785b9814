//! Time-based one-time passwords (RFC 6238) as authenticator apps have them: SHA-1, six digits, thirty seconds.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY},
};
use serde::{Deserialize, Serialize};

use super::timestamp::Timestamp;
use crate::random::Random;

const STEP_SECONDS: u64 = 30;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator app and the pool both know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totp {
    /// In Base32, as apps take it.
    pub(super) secret: String,
    /// The last step whose code was used: none works twice.
    used: Option<u64>,
}

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Wrong,
    Used,
}

impl Totp {
    /// Of 32 bytes, as Cognito's.
    pub(super) fn new(random: &Random) -> Self {
        Self::of(base32(&random.bytes::<32>()))
    }

    /// Of a secret in Base32; nothing if it is none.
    pub(super) fn from_text(secret: &str) -> Option<Self> {
        bytes(secret).filter(|bytes| !bytes.is_empty()).map(|_| Self::of(secret.to_owned()))
    }

    pub(super) fn of(secret: String) -> Self {
        Self { secret, used: None }
    }

    /// Takes a code of now, or of the step before or after: clocks differ.
    pub(super) fn check(&mut self, code: &str, now: Timestamp) -> Result<(), Refused> {
        let step = now.seconds() / STEP_SECONDS;
        let near = step.saturating_sub(1)..=step + 1;
        let is_code = |step: &u64| {
            let expected = self.code_at(*step);
            expected.is_some_and(|expected| verify_slices_are_equal(expected.as_bytes(), code.as_bytes()).is_ok())
        };
        let found = near.into_iter().find(is_code).ok_or(Refused::Wrong)?;
        if self.used.is_some_and(|used| found <= used) {
            return Err(Refused::Used);
        }
        self.used = Some(found);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn code(&self, now: Timestamp) -> String {
        self.code_at(now.seconds() / STEP_SECONDS).unwrap()
    }

    /// Nothing if the secret is no Base32.
    fn code_at(&self, step: u64) -> Option<String> {
        let key = hmac::Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes(&self.secret)?);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let offset = usize::from(tag.as_ref().last()? & 0xf);
        let word = <[u8; 4]>::try_from(tag.as_ref().get(offset..offset + 4)?).ok()?;
        Some(format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000))
    }
}

/// RFC 4648, without padding.
fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let letter = |five: &[u8]| {
        let value = (0..5).fold(0, |value, place| value << 1 | five.get(place).copied().unwrap_or_default());
        char::from(LETTERS[usize::from(value)])
    };
    bits.chunks(5).map(letter).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let value = |letter: u8| LETTERS.iter().position(|it| *it == letter.to_ascii_uppercase());
    let values: Vec<usize> = text.trim_end_matches('=').bytes().map(value).collect::<Option<_>>()?;
    let bits: Vec<bool> = values.iter().flat_map(|value| (0..5).rev().map(move |bit| value >> bit & 1 == 1)).collect();
    Some(bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | u8::from(*bit))).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::since_epoch(Duration::from_secs(seconds))
    }

    /// The last six of the eight digits of RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let totp = Totp::of(base32(b"12345678901234567890"));
        let codes = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000].map(|time| totp.code(at(time)));
        assert_eq!(codes, ["287082", "081804", "050471", "005924", "279037"]);
    }

    #[test]
    fn a_code_works_once_and_a_step_early_or_late() {
        let mut totp = Totp::new(&Random::seeded(1));
        let code = totp.code(at(900));
        assert_eq!(totp.clone().check(&code, at(870)), Ok(()));
        assert_eq!(totp.clone().check(&code, at(959)), Ok(()));
        assert_eq!(totp.clone().check(&code, at(960)), Err(Refused::Wrong));
        assert_eq!(totp.check(&code, at(900)), Ok(()));
        assert_eq!(totp.check(&code, at(901)), Err(Refused::Used));
    }

    #[test]
    fn a_secret_is_what_apps_take() {
        let totp = Totp::new(&Random::seeded(1));
        assert_eq!(totp.secret.len(), 52);
        assert_eq!(bytes(&base32(b"any bytes")).as_deref(), Some(&b"any bytes"[..]));
        assert_eq!(bytes("not base32!"), None);
    }
}
