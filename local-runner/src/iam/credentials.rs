use std::fmt;

use crate::random::Random;

/// What a function or a session signs with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub(crate) access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub(crate) secret_access_key: String,
    /// `AWS_SESSION_TOKEN`.
    pub(crate) session_token: String,
}

const BASE_32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE_64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Credentials {
    /// Temporary ones, as those of a role are.
    pub(super) fn new(random: &Random) -> Self {
        Self {
            access_key_id: format!("ASIA{}", random.text::<16>(BASE_32)),
            secret_access_key: random.text::<40>(BASE_64),
            session_token: random.text::<192>(BASE_64),
        }
    }
}

/// What the tokens of sessions begin with, by which one that has ended and is forgotten is known.
const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjSkyloom";

impl Credentials {
    /// Those of a session that somebody began.
    pub(super) fn of_session(random: &Random) -> Self {
        let new = Self::new(random);
        Self { session_token: format!("{SESSION_TOKEN}{}", new.session_token), ..new }
    }

    /// Whether a token is one of a session.
    pub(super) fn is_of_session(token: &str) -> bool {
        token.starts_with(SESSION_TOKEN)
    }
}

/// The id of a role, `AROA…`.
pub(super) fn role_id(random: &Random) -> String {
    format!("AROA{}", random.text::<17>(BASE_32))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let credentials = Credentials::new(&Random::seeded(1));
        let shown = format!("{credentials:?}");
        assert!(shown.contains("ASIA") && !shown.contains(&credentials.secret_access_key));
    }
}
