use std::{fmt, time::Duration};

/// What the engine adds to a number to make it as long as DynamoDB's are.
const OFFSET: u128 = 100_000_000_000_000_000_000;

/// The place of a record among all changes of its table.
///
/// The engine counts in microseconds since the epoch, and on from the last record where that would not be more. So a
/// sequence number is a time too, and an interval of time is one of sequence numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dynamodb) struct Sequence(pub(super) i64);

impl Sequence {
    pub(super) fn at(time: Duration) -> Self {
        Self(i64::try_from(time.as_micros()).unwrap_or(i64::MAX))
    }

    /// The time that it is, in seconds since the epoch.
    pub(super) fn seconds(self) -> u64 {
        Duration::from_micros(self.0.max(0).unsigned_abs()).as_secs()
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let number: u128 = text.parse().ok().filter(|_| is_number)?;
        Some(Self(i64::try_from(number.checked_sub(OFFSET)?).ok()?))
    }

    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    pub(super) fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    pub(super) fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(Self::at(time).0))
    }

    pub(super) fn minus(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(Self::at(time).0))
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", OFFSET + u128::from(self.0.max(0).unsigned_abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_as_long_as_dynamodbs_and_reads_back() {
        let sequence = Sequence::at(Duration::from_secs(1_735_689_600));
        assert_eq!(sequence.to_string(), "100001735689600000000");
        assert_eq!(Sequence::parse("100001735689600000000"), Some(sequence));
    }

    #[test]
    fn what_was_never_given_out_is_no_number() {
        for text in ["", "5", "+100001735689600000000", "1x0001735689600000000", &"9".repeat(40), &"9".repeat(400)] {
            assert_eq!(Sequence::parse(text), None, "{text}");
        }
    }
}
