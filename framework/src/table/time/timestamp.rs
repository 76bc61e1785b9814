use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A type that is a point in time, to be stored by [`Seconds`](super::Seconds), [`Millis`](super::Millis) or
/// [`Rfc3339`](super::Rfc3339).
///
/// `SystemTime` is one, and `jiff::Timestamp`, `chrono::DateTime<Utc>` and `time::OffsetDateTime` are with the features
/// `jiff`, `chrono` and `time`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no point in time",
    note = "`SystemTime` is one; `jiff::Timestamp`, `chrono::DateTime<Utc>` and `time::OffsetDateTime` are with the features `jiff`, `chrono` and `time` of `skyloom`"
)]
pub trait Timestamp: Sized + Send + Sync + 'static {
    /// When it is.
    fn to_unix(&self) -> UnixTime;

    /// The value for a time; `None` if it is beyond what the type holds.
    fn from_unix(time: UnixTime) -> Option<Self>;
}

/// A point in time: seconds since the epoch, and the nanoseconds after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime {
    seconds: i64,
    nanos: u32,
}

const NANOS_OF_A_MILLI: u32 = 1_000_000;
const NANOS_OF_A_SECOND: u32 = 1_000_000_000;

impl UnixTime {
    /// The time so many nanoseconds after so many seconds, which may be before the epoch. More nanoseconds than a second has
    /// are the last of it.
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        let nanos = if nanos < NANOS_OF_A_SECOND { nanos } else { NANOS_OF_A_SECOND - 1 };
        Self { seconds, nanos }
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds since that second.
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    pub(super) fn millis(self) -> Option<i64> {
        // In 128 bits, because just before the smallest result the seconds alone are beyond 64.
        let millis = i128::from(self.seconds) * 1000 + i128::from(self.nanos / NANOS_OF_A_MILLI);
        millis.try_into().ok()
    }

    pub(super) fn of_millis(millis: i64) -> Self {
        let rest = u32::try_from(millis.rem_euclid(1000)).unwrap_or_default();
        Self { seconds: millis.div_euclid(1000), nanos: rest * NANOS_OF_A_MILLI }
    }
}

impl Timestamp for SystemTime {
    fn to_unix(&self) -> UnixTime {
        let seconds = |length: Duration| i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
        match self.duration_since(UNIX_EPOCH) {
            Ok(after) => UnixTime::new(seconds(after), after.subsec_nanos()),
            Err(before) => match before.duration() {
                length if length.subsec_nanos() == 0 => UnixTime::new(-seconds(length), 0),
                length => UnixTime::new(-seconds(length) - 1, NANOS_OF_A_SECOND - length.subsec_nanos()),
            },
        }
    }

    fn from_unix(time: UnixTime) -> Option<Self> {
        let whole = Duration::from_secs(time.seconds.unsigned_abs());
        let whole = if time.seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        whole?.checked_add(Duration::from_nanos(time.nanos.into()))
    }
}

#[cfg(feature = "jiff")]
impl Timestamp for jiff::Timestamp {
    fn to_unix(&self) -> UnixTime {
        let nanos = self.as_nanosecond();
        let per_second = i128::from(NANOS_OF_A_SECOND);
        let rest = u32::try_from(nanos.rem_euclid(per_second)).unwrap_or_default();
        UnixTime::new(i64::try_from(nanos.div_euclid(per_second)).unwrap_or_default(), rest)
    }

    fn from_unix(time: UnixTime) -> Option<Self> {
        Self::new(time.seconds, i32::try_from(time.nanos).ok()?).ok()
    }
}

#[cfg(feature = "chrono")]
impl Timestamp for chrono::DateTime<chrono::Utc> {
    fn to_unix(&self) -> UnixTime {
        UnixTime::new(self.timestamp(), self.timestamp_subsec_nanos())
    }

    fn from_unix(time: UnixTime) -> Option<Self> {
        Self::from_timestamp(time.seconds, time.nanos)
    }
}

#[cfg(feature = "time")]
impl Timestamp for ::time::OffsetDateTime {
    fn to_unix(&self) -> UnixTime {
        UnixTime::new(self.unix_timestamp(), self.nanosecond())
    }

    fn from_unix(time: UnixTime) -> Option<Self> {
        Self::from_unix_timestamp(time.seconds).ok()?.replace_nanosecond(time.nanos).ok()
    }
}
