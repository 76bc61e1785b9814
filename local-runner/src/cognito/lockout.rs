use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{error::Error, timestamp::Timestamp};

/// Failures before the first lockout, and the longest lockout.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html>
const FREE_FAILURES: u32 = 5;
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Slows down who guesses passwords: from the fifth failure on, a second, two, four, … up to a quarter of an hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lockout {
    failures: u32,
    until: Timestamp,
    /// When all is forgotten.
    forgotten: Timestamp,
}

impl Lockout {
    /// Whether a password may be tried now. An attempt during a lockout changes nothing.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), Error> {
        if now < self.until { Err(Error::PasswordAttemptsExceeded) } else { Ok(()) }
    }

    pub(super) fn failed(&mut self, now: Timestamp) {
        if now >= self.forgotten {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        if let Some(doublings) = self.failures.checked_sub(FREE_FAILURES) {
            let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
            self.until = now.after(Duration::from_secs(seconds).min(LONGEST));
        }
        self.forgotten = now.after(LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_fifth_failure_locks_for_a_second_and_each_further_one_twice_as_long() {
        let mut lockout = Lockout::default();
        let mut now = Timestamp::default();
        for _ in 0..4 {
            lockout.failed(now);
            assert_eq!(lockout.check(now), Ok(()));
        }
        for seconds in [1, 2, 4, 8] {
            lockout.failed(now);
            assert_eq!(lockout.check(now), Err(Error::PasswordAttemptsExceeded));
            now = now.after(SECOND * seconds);
            assert_eq!(lockout.check(now), Ok(()));
        }
    }

    #[test]
    fn a_quarter_of_an_hour_of_silence_forgets_all_failures() {
        let mut lockout = Lockout::default();
        let now = Timestamp::default();
        (0..100).for_each(|_| lockout.failed(now));
        assert!(lockout.check(now).is_err());
        let later = now.after(LONGEST);
        assert_eq!(lockout.check(later), Ok(()));
        lockout.failed(later);
        assert_eq!(lockout.check(later), Ok(()));
    }
}
