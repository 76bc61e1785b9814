use std::time::Duration;

use skyloom_manifest::StreamTrigger;

/// DynamoDB keeps stream records for a day, so no retry goes on for longer.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// What a mapping was configured with.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) batch_size: usize,
    pub(super) batch_window: Duration,
    pub(super) retries: Option<u32>,
    pub(super) max_age: Duration,
    pub(super) bisect: bool,
    /// How many lanes each lineage of shards has.
    pub(super) lanes: u32,
    /// How long a tumbling window is.
    pub(super) tumbling: Option<Duration>,
}

impl Rules {
    pub(super) fn new(trigger: &StreamTrigger) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self {
            batch_size: trigger.batch_size.max(1) as usize,
            batch_window: seconds(trigger.batch_window),
            retries: trigger.retries,
            max_age: trigger.max_record_age.map_or(RETENTION, |age| seconds(age).min(RETENTION)),
            bisect: trigger.bisect,
            lanes: trigger.parallelization.max(1),
            tumbling: trigger.tumbling_window.filter(|window| *window > 0).map(seconds),
        }
    }
}
