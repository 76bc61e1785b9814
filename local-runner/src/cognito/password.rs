use std::{num::NonZeroU32, time::Duration};

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::error::Error;
use crate::random::Random;

/// How long a password works that an administrator chose.
pub(super) const TEMPORARY_LIFE: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The characters that count as symbols. <https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html>
const SYMBOLS: &str = r#"^$*.[]{}()?"!@#%&/\,><':;|_~`=+-"#;

/// Enough to protect the state file of a development machine, few enough for a test to sign in with a password.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(20_000).expect("it is not zero");

/// Checks Cognito's default policy.
pub(super) fn check_policy(password: &str) -> Result<(), Error> {
    let has = |class: fn(char) -> bool| password.chars().any(class);
    let rules = [
        (password.chars().count() >= 8, "Password not long enough"),
        (has(|letter| letter.is_ascii_uppercase()), "Password must have uppercase characters"),
        (has(|letter| letter.is_ascii_lowercase()), "Password must have lowercase characters"),
        (has(|letter| letter.is_ascii_digit()), "Password must have numeric characters"),
        (has(|letter| SYMBOLS.contains(letter)), "Password must have symbol characters"),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, message)| Err(Error::PasswordPolicy(message)))
}

/// A password that keeps to the policy.
pub(super) fn generate(random: &Random) -> String {
    let classes = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#%&*+?"];
    classes.map(|class| random.text::<3>(class)).concat()
}

/// What is kept of a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PasswordHash {
    salt: String,
    iterations: NonZeroU32,
    hash: String,
}

impl PasswordHash {
    pub(super) fn new(password: &str, random: &Random) -> Self {
        let salt: [u8; 16] = random.bytes();
        let mut hash = [0; 32];
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
        Self { salt: STANDARD.encode(salt), iterations: ITERATIONS, hash: STANDARD.encode(hash) }
    }

    pub(super) fn matches(&self, password: &str) -> bool {
        let (Ok(salt), Ok(hash)) = (STANDARD.decode(&self.salt), STANDARD.decode(&self.hash)) else { return false };
        pbkdf2::verify(PBKDF2_HMAC_SHA256, self.iterations, &salt, password.as_bytes(), &hash).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_has_its_message() {
        let message = |password| check_policy(password).map_or_else(|error| error.to_string(), |()| "fine".into());
        assert_eq!(message("Sh0rt!"), "Password did not conform with policy: Password not long enough");
        assert_eq!(
            message("l0ng enough!"),
            "Password did not conform with policy: Password must have uppercase characters"
        );
        assert_eq!(
            message("L0NG ENOUGH!"),
            "Password did not conform with policy: Password must have lowercase characters"
        );
        assert_eq!(
            message("Long enough!"),
            "Password did not conform with policy: Password must have numeric characters"
        );
        assert_eq!(message("L0ngEnough"), "Password did not conform with policy: Password must have symbol characters");
        assert_eq!(message("P@ssw0rd"), "fine");
    }

    #[test]
    fn a_generated_password_keeps_to_the_policy() {
        for seed in 0..50 {
            assert_eq!(check_policy(&generate(&Random::seeded(seed))), Ok(()));
        }
    }

    #[test]
    fn a_hash_matches_only_its_password_and_does_not_have_it() {
        let hash = PasswordHash::new("P@ssw0rd", &Random::seeded(1));
        assert!(hash.matches("P@ssw0rd"));
        assert!(!hash.matches("p@ssw0rd"));
        assert!(!serde_json::to_string(&hash).unwrap().contains("P@ssw0rd"));
    }
}
