use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use skyloom_manifest::bridge::Now;

/// The runner's time.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    /// In tests tokio's clock is paused, so it moves only when the test says so.
    Since {
        origin: SystemTime,
        started: tokio::time::Instant,
    },
    Machine,
}

impl Clock {
    /// A clock that shows `origin` now. Has to be called inside a tokio runtime whose time is enabled.
    pub(crate) fn starting_at(origin: SystemTime) -> Self {
        Self(Source::Since { origin, started: tokio::time::Instant::now() })
    }

    /// The machine's own clock, by which clients sign and check tokens. Tokio's stands still while a machine sleeps.
    pub(crate) fn of_machine() -> Self {
        Self(Source::Machine)
    }

    pub(crate) fn now(&self) -> SystemTime {
        match &self.0 {
            Source::Since { origin, started } => *origin + started.elapsed(),
            Source::Machine => SystemTime::now(),
        }
    }

    /// The clock as an application sees it.
    pub(crate) fn teller(&self) -> Now {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// Since the epoch.
    pub(crate) fn since_epoch(&self) -> Duration {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}
