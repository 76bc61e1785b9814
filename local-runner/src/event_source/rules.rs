use std::time::Duration;

use skyloom_manifest::StreamTrigger;

use super::filter::Filter;
use crate::site::Site;

/// DynamoDB keeps stream records for a day, so no retry goes on for longer.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// What a mapping was configured with.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) stream_arn: String,
    pub(super) filters: Vec<Filter>,
    pub(super) batch_size: usize,
    pub(super) batch_window: Duration,
    pub(super) retries: Option<u32>,
    pub(super) max_age: Duration,
    pub(super) bisect: bool,
    pub(super) lanes: u32,
    /// How long a tumbling window is.
    pub(super) tumbling: Option<Duration>,
}

impl Rules {
    pub(super) fn new(trigger: &StreamTrigger, filters: Vec<Filter>, stream_arn: String, site: &Site) -> Self {
        let of_table = || format!("{}/stream/unknown", site.table_arn(&trigger.table));
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self {
            stream_arn: if stream_arn.is_empty() { of_table() } else { stream_arn },
            filters,
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
