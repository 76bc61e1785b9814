use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    pub(super) fn since_epoch(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    /// Whole seconds, as tokens have them.
    pub(super) fn seconds(self) -> u64 {
        self.0 / 1_000
    }

    /// Seconds with a fraction, as the protocol's answers have them.
    pub(super) fn fractional(self) -> f64 {
        Duration::from_millis(self.0).as_secs_f64()
    }

    pub(super) fn after(self, duration: Duration) -> Self {
        Self::since_epoch(Duration::from_millis(self.0) + duration)
    }
}
