use std::{fmt, time::SystemTime};

use skyloom_manifest::bridge::Now;

/// The machine's time, or in a test the test's.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Now>);

impl Clock {
    pub(crate) fn given(now: Now) -> Self {
        Self(Some(now))
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.0.as_ref().map_or_else(SystemTime::now, |now| now())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.now().fmt(f)
    }
}
