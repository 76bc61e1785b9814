use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The runner's time. In tests tokio's clock is paused, so it moves only when the test says so.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    origin: SystemTime,
    started: tokio::time::Instant,
}

impl Clock {
    /// A clock that shows `origin` now. Has to be called inside a tokio runtime whose time is enabled.
    pub(crate) fn starting_at(origin: SystemTime) -> Self {
        Self { origin, started: tokio::time::Instant::now() }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.origin + self.started.elapsed()
    }

    /// Since the epoch.
    pub(crate) fn since_epoch(&self) -> Duration {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}
