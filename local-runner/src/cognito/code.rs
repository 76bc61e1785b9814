use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};

use super::{error::Error, message::Medium, timestamp::Timestamp};
use crate::random::Random;

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>
pub(super) const CONFIRMATION_LIFE: Duration = Duration::from_secs(24 * 3_600);
/// A code for a forgotten password lives shorter.
pub(super) const RECOVERY_LIFE: Duration = Duration::from_secs(3_600);

/// Six digits that prove that a message arrived.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(super) digits: String,
    expires: Timestamp,
    /// How it went to the user: it proves nothing of another address.
    #[serde(default)]
    medium: Option<Medium>,
}

impl Code {
    pub(super) fn new(medium: Medium, random: &Random, now: Timestamp, life: Duration) -> Self {
        let digits = format!("{:06}", random.below(1_000_000));
        Self { digits, expires: now.after(life), medium: Some(medium) }
    }

    pub(super) fn went_by(&self, medium: Medium) -> bool {
        self.medium.is_none_or(|by| by == medium)
    }

    /// Whether a code that was asked for is the given one. Where none was asked for, any is an expired one.
    pub(super) fn check(asked: Option<&Self>, given: &str, now: Timestamp) -> Result<(), Error> {
        let code = asked.filter(|code| now < code.expires).ok_or(Error::ExpiredCode)?;
        verify_slices_are_equal(code.digits.as_bytes(), given.as_bytes()).map_err(|_| Error::CodeMismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_and_works_until_it_expires() {
        let now = Timestamp::default();
        let code = Code::new(Medium::Email, &Random::seeded(3), now, CONFIRMATION_LIFE);
        let digits = code.digits.clone();
        assert!(digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        assert_eq!(Code::check(Some(&code), &digits, now), Ok(()));
        assert_eq!(Code::check(Some(&code), "wrong!", now), Err(Error::CodeMismatch));
        assert_eq!(Code::check(Some(&code), &digits, now.after(CONFIRMATION_LIFE)), Err(Error::ExpiredCode));
        assert_eq!(Code::check(None, &digits, now), Err(Error::ExpiredCode));
    }
}
