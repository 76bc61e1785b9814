use std::{
    fmt,
    num::NonZeroU32,
    sync::{LazyLock, OnceLock},
    time::Duration,
};

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use skyloom_manifest::{AuthFlow, PasswordPolicy};

use super::{costly, error::Error, pool::Pool, srp::Verifier};
use crate::random::Random;

/// The characters that count as symbols. <https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html>
const SYMBOLS: &str = r#"^$*.[]{}()?"!@#%&/\,><':;|_~`=+-"#;

/// Enough to protect the state file of a development machine, few enough for a test to sign in with a password.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(20_000).expect("it is not zero");

impl Pool {
    /// How long a password works that an administrator chose.
    pub(super) fn temporary_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.password.temporary_days) * 24 * 3_600)
    }

    /// What is kept of a user's password.
    pub(super) fn kept(&self, username: &str, password: &str, random: &Random) -> Kept {
        let proved = self.asks_for_proofs();
        Kept {
            hash: PasswordHash::new(password, random),
            verifier: proved.then(|| Verifier::new(self.short_id(), username, password, random)),
        }
    }

    /// Keeps what a password is proven with, if none of the flows needed it when the user chose it.
    pub(super) fn complete(&mut self, key: &str, password: &str, random: &Random) {
        if !self.asks_for_proofs() {
            return;
        }
        let pool = self.short_id().to_owned();
        if let Some(user) = self.users.get_mut(key).filter(|user| user.verifier.is_none()) {
            user.verifier = Some(Verifier::new(&pool, &user.username, password, random));
        }
    }

    /// Whether there is a flow in which users prove to know the password: that of an application can begin so, too.
    fn asks_for_proofs(&self) -> bool {
        let client = self.own_client(); // which alone has flows in which there is a password
        [AuthFlow::UserSrp, AuthFlow::Custom].into_iter().any(|flow| client.allows(flow))
    }
}

/// Checks a pool's policy.
pub(super) fn check_policy(policy: &PasswordPolicy, password: &str) -> Result<(), Error> {
    let has = |class: fn(char) -> bool| password.chars().any(class);
    let length = usize::try_from(policy.min_length).unwrap_or(usize::MAX);
    let rules = [
        (password.chars().count() >= length, "Password not long enough"),
        (!policy.uppercase || has(|letter| letter.is_ascii_uppercase()), "Password must have uppercase characters"),
        (!policy.lowercase || has(|letter| letter.is_ascii_lowercase()), "Password must have lowercase characters"),
        (!policy.numbers || has(|letter| letter.is_ascii_digit()), "Password must have numeric characters"),
        (!policy.symbols || has(|letter| SYMBOLS.contains(letter)), "Password must have symbol characters"),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, message)| Err(Error::PasswordPolicy(message)))
}

/// A password that keeps to the policy: of all classes, and long enough.
pub(super) fn generate(policy: &PasswordPolicy, random: &Random) -> String {
    let classes = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#%&*+?"];
    let length = usize::try_from(policy.min_length).unwrap_or_default();
    let mut password = String::new();
    while password.is_empty() || password.len() < length {
        password.extend(classes.map(|class| random.text::<3>(class)));
    }
    password
}

/// What is kept of a password, for who sends it and for who proves to know it.
pub(super) struct Kept {
    pub(super) hash: PasswordHash,
    pub(super) verifier: Option<Verifier>,
}

/// What is kept to compare a password with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PasswordHash {
    salt: String,
    iterations: NonZeroU32,
    hash: String,
    /// The password that was right, so that who signs in again and again waits for the derivation once. Never written down.
    #[serde(skip)]
    right: OnceLock<Digest>,
}

/// One that is quick to make, and so must not be seen.
#[derive(Clone)]
struct Digest(Vec<u8>);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest")
    }
}

/// What is compared with the password of who is not there.
static NOBODYS: LazyLock<PasswordHash> = LazyLock::new(|| {
    let random = Random::system();
    let (salt, hash) = (STANDARD.encode(random.bytes::<16>()), STANDARD.encode(random.bytes::<32>()));
    PasswordHash { salt, iterations: ITERATIONS, hash, right: OnceLock::new() }
});

impl PasswordHash {
    pub(super) fn new(password: &str, random: &Random) -> Self {
        let salt: [u8; 16] = random.bytes();
        let hash = costly::derive(ITERATIONS, &salt, password);
        let right = OnceLock::from(quick(&salt, password));
        Self { salt: STANDARD.encode(salt), iterations: ITERATIONS, hash: STANDARD.encode(hash), right }
    }

    /// Whether it is the password of which this is kept. Where nothing is kept, there being no such user, it is none, which is found
    /// out as slowly.
    pub(super) fn fits(kept: Option<&Self>, password: &str) -> bool {
        let matches = kept.unwrap_or(&NOBODYS).matches(password);
        matches && kept.is_some()
    }

    /// A wrong one is derived each time: what is answered at once is right, and tells nothing to who guesses.
    fn matches(&self, password: &str) -> bool {
        let (Ok(salt), Ok(hash)) = (STANDARD.decode(&self.salt), STANDARD.decode(&self.hash)) else { return false };
        let given = quick(&salt, password);
        if self.right.get().is_some_and(|right| verify_slices_are_equal(&right.0, &given.0).is_ok()) {
            return true;
        }
        let derived = costly::derive(self.iterations, &salt, password);
        let is_right = verify_slices_are_equal(&derived, &hash).is_ok();
        if is_right {
            self.right.get_or_init(|| given);
        }
        is_right
    }
}

fn quick(salt: &[u8], password: &str) -> Digest {
    Digest(digest(&SHA256, &[salt, password.as_bytes()].concat()).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_rule_has_its_message() {
        let message = |password| {
            check_policy(&PasswordPolicy::DEFAULT, password).map_or_else(|error| error.to_string(), |()| "fine".into())
        };
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
        for min_length in [6, 8, 12, 13, 99] {
            let policy = PasswordPolicy { min_length, ..PasswordPolicy::DEFAULT };
            assert!((0..50).all(|seed| check_policy(&policy, &generate(&policy, &Random::seeded(seed))).is_ok()));
        }
    }

    #[test]
    fn a_pool_asks_only_what_its_policy_says() {
        let policy = PasswordPolicy { min_length: 6, uppercase: false, symbols: false, ..PasswordPolicy::DEFAULT };
        assert_eq!(check_policy(&policy, "abc123"), Ok(()));
        assert!(check_policy(&policy, "abcdef").is_err());
    }

    fn kept(hash: &PasswordHash) -> PasswordHash {
        serde_json::from_str(&serde_json::to_string(hash).unwrap()).unwrap()
    }

    #[test]
    fn a_hash_matches_only_its_password_before_and_after_it_was_right_once() {
        let made = PasswordHash::new("P@ssw0rd", &Random::seeded(1));
        for hash in [kept(&made), made] {
            for _ in 0..2 {
                assert!(!hash.matches("p@ssw0rd"));
                assert!(hash.matches("P@ssw0rd"));
            }
        }
    }

    #[test]
    fn nothing_is_the_password_of_nobody() {
        assert!(!PasswordHash::fits(None, ""));
        assert!(!PasswordHash::fits(None, "P@ssw0rd"));
    }

    #[test]
    fn what_is_written_down_and_shown_has_neither_the_password_nor_what_is_quick_to_guess_it_by() {
        let hash = PasswordHash::new("P@ssw0rd", &Random::seeded(1));
        let written = serde_json::to_value(&hash).unwrap();
        assert_eq!(written.as_object().unwrap().keys().collect::<Vec<_>>(), ["hash", "iterations", "salt"]);
        assert!(!written.to_string().contains("P@ssw0rd"));
        assert!(format!("{hash:?}").contains("Digest)"));
    }
}
