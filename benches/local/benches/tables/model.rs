//! The application: a streamed table of measurements, and a handler that adds them up by hand.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use skyloom::{Change, Error, Table, handler};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
pub struct Measurement {
    #[partition_key]
    pub sensor: String,
    #[sort_key]
    pub at: u64,
    pub celsius: f64,
    pub place: Place,
    pub labels: Vec<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub building: String,
    pub floor: i32,
}

impl Measurement {
    pub fn new(sensor: &str, at: u64) -> Self {
        Self {
            sensor: sensor.to_owned(),
            at,
            celsius: 21.5,
            place: Place { building: "north".into(), floor: 3 },
            labels: vec!["indoor".into(), "calibrated".into()],
            note: None,
        }
    }
}

/// What the handler has seen; a static, because a bench wants to know that nothing was left out.
pub static SEEN: AtomicU64 = AtomicU64::new(0);

#[handler(stream = Measurement, batch_size = 1000)]
async fn count(changes: Vec<Change<Measurement>>) -> Result<(), Error> {
    SEEN.fetch_add(changes.len() as u64, Ordering::Relaxed);
    Ok(())
}

/// What `#[skyloom_local::test(…)]` makes of a test.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce(Local) -> F) {
    skyloom_local::__private::run(skyloom::__private::application("benches"), "bench", test);
}
