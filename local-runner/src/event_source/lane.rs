//! One lane of a mapping: its records in order, and which of them are delivered when.
//!
//! A mapping has as many lanes as its parallelization. There is no I/O here but reading the stream, and no clock: the
//! time is passed in.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use serde_json::value::RawValue;
use skyloom_manifest::StreamTrigger;

use super::{
    Streams,
    answer::Outcome,
    filter::Filter,
    record::{Record, lane_of},
};
use crate::site::Site;

/// DynamoDB keeps stream records for a day, so no retry goes on for longer.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// The largest event that Lambda takes, less its frame.
const MOST_BYTES: usize = 6 * 1024 * 1024 - 64;
/// `GetRecords` gives no more at once.
const PAGE: usize = 1_000;

/// What a mapping was configured with.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    stream_arn: String,
    filters: Vec<Filter>,
    batch_size: usize,
    batch_window: Duration,
    retries: Option<u32>,
    max_age: Duration,
    bisect: bool,
    lanes: u32,
}

impl Rules {
    pub(super) fn new(trigger: &StreamTrigger, filters: Vec<Filter>, stream_arn: String, site: &Site) -> Self {
        let of_table = || format!("{}/stream/unknown", site.table_arn(&trigger.table));
        Self {
            stream_arn: if stream_arn.is_empty() { of_table() } else { stream_arn },
            filters,
            batch_size: trigger.batch_size.max(1) as usize,
            batch_window: Duration::from_secs(trigger.batch_window.into()),
            retries: trigger.retries,
            max_age: trigger.max_record_age.map_or(RETENTION, |age| Duration::from_secs(age.into()).min(RETENTION)),
            bisect: trigger.bisect,
            lanes: trigger.parallelization.max(1),
        }
    }
}

#[derive(Debug)]
pub(super) struct Lane {
    rules: Rules,
    number: u32,
    /// The last record that was read, whether or not it came into this lane.
    read: Option<String>,
    /// Records that were read and are not done with, and when they came.
    waiting: VecDeque<(Record, SystemTime)>,
    /// How the first of those are divided into batches; the rest is not yet.
    batches: VecDeque<Planned>,
}

/// A batch whose delivery has begun, or has failed before. It keeps its records until it succeeds or is given up.
#[derive(Clone, Copy, Debug)]
struct Planned {
    records: usize,
    failures: u32,
    throttles: u32,
    not_before: SystemTime,
}

/// Records to deliver together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// How often it failed before.
    pub(super) failures: u32,
}

impl Batch {
    pub(super) fn event(&self) -> Bytes {
        let records: Vec<&str> = self.records.iter().map(|record| RawValue::get(&record.text)).collect();
        format!(r#"{{"Records":[{}]}}"#, records.join(",")).into()
    }

    pub(super) fn sequence_numbers(&self) -> Vec<&str> {
        self.records.iter().map(|record| record.sequence_number.as_str()).collect()
    }
}

impl Lane {
    pub(super) fn new(rules: Rules, number: u32) -> Self {
        Self { rules, number, read: None, waiting: VecDeque::new(), batches: VecDeque::new() }
    }

    /// Forgets what is waiting and reads on after that record.
    pub(super) fn start_after(&mut self, sequence_number: &str) {
        self.waiting.clear();
        self.batches.clear();
        self.read = Some(sequence_number.to_owned());
    }

    pub(super) fn skip_to_end(&mut self, streams: &dyn Streams, table: &str) {
        self.fill(streams, table, SystemTime::UNIX_EPOCH);
        self.waiting.clear();
    }

    /// Reads all that is new. Records that no filter lets through, or of other lanes, are passed over here.
    pub(super) fn fill(&mut self, streams: &dyn Streams, table: &str, now: SystemTime) {
        loop {
            let page = streams.records(table, self.read.as_deref(), PAGE).unwrap_or_else(|error| {
                tracing::warn!(table, error, "a stream could not be read");
                Vec::new()
            });
            let is_last = page.len() < PAGE;
            for (record, value) in page.into_iter().filter_map(|it| Record::new(it, &self.rules.stream_arn)) {
                self.read = Some(record.sequence_number.clone());
                let filters = &self.rules.filters;
                let is_wanted = filters.is_empty() || filters.iter().any(|filter| filter.matches(&value));
                if is_wanted && lane_of(&value, self.rules.lanes) == self.number {
                    self.waiting.push_back((record, now));
                }
            }
            if is_last {
                return;
            }
        }
    }

    /// The sequence number up to which nothing is left to deliver.
    pub(super) fn checkpoint(&self) -> Option<String> {
        match self.waiting.front() {
            Some((record, _)) => before(&record.sequence_number),
            None => self.read.clone(),
        }
    }

    /// When the next batch is due, if there is a record at all.
    pub(super) fn due_at(&self) -> Option<SystemTime> {
        let (_, since) = self.waiting.front()?;
        match self.batches.front() {
            Some(planned) => Some(planned.not_before),
            None if self.is_full() || self.fits(self.waiting.len()) < self.waiting.len() => Some(*since),
            None => Some(*since + self.rules.batch_window),
        }
    }

    /// The batch that is due, and the records that had become too old for one.
    pub(super) fn next(&mut self, now: SystemTime) -> (Option<Batch>, Vec<Record>) {
        let expired = self.take_expired(now);
        if self.due_at().is_none_or(|due| due > now) {
            return (None, expired);
        }
        let planned = match self.batches.front() {
            Some(planned) => *planned,
            None => self.plan(now),
        };
        let records = self.waiting.iter().take(planned.records).map(|(record, _)| record.clone()).collect();
        (Some(Batch { records, failures: planned.failures }), expired)
    }

    fn plan(&mut self, now: SystemTime) -> Planned {
        let records = self.fits(self.rules.batch_size);
        let planned = Planned { records, failures: 0, throttles: 0, not_before: now };
        self.batches.push_back(planned);
        planned
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= self.rules.batch_size
    }

    /// How many of the first `most` records make an event that Lambda takes; one at least.
    fn fits(&self, most: usize) -> usize {
        let mut bytes = 0;
        let sizes = self.waiting.iter().take(most).map(|(record, _)| record.size() + 1);
        let fitting = sizes.take_while(|size| {
            bytes += size;
            bytes <= MOST_BYTES
        });
        fitting.count().max(1)
    }

    /// Records are in order of age.
    fn take_expired(&mut self, now: SystemTime) -> Vec<Record> {
        let is_expired = |record: &Record| now.duration_since(record.created).is_ok_and(|age| age > self.rules.max_age);
        let count = self.waiting.iter().take_while(|(record, _)| is_expired(record)).count();
        self.drop_planned(count);
        self.take(count)
    }

    fn drop_planned(&mut self, mut count: usize) {
        while let Some(first) = self.batches.front_mut().filter(|_| count > 0) {
            let dropped = first.records.min(count);
            first.records -= dropped;
            count -= dropped;
            if first.records == 0 {
                self.batches.pop_front();
            }
        }
    }

    fn take(&mut self, count: usize) -> Vec<Record> {
        self.waiting.drain(..count.min(self.waiting.len())).map(|(record, _)| record).collect()
    }

    /// What an invocation with the first batch came to. Gives the records that are not tried again.
    pub(super) fn finish(&mut self, outcome: &Outcome, now: SystemTime) -> Vec<Record> {
        let Some(planned) = self.batches.pop_front() else { return Vec::new() };
        match outcome {
            Outcome::Succeeded => {
                self.take(planned.records);
                Vec::new()
            }
            Outcome::Throttled => self.wait_for_capacity(planned, now),
            Outcome::FailedFrom(0) | Outcome::Failed(_) => self.try_again(planned, now),
            Outcome::FailedFrom(succeeded) => {
                self.take(*succeeded);
                self.go_on_from_failure(planned, *succeeded, now)
            }
        }
    }

    /// The batch did not reach the function, so this is none of its retries.
    fn wait_for_capacity(&mut self, planned: Planned, now: SystemTime) -> Vec<Record> {
        let throttles = planned.throttles + 1;
        self.batches.push_front(Planned { throttles, not_before: now + backoff(throttles), ..planned });
        Vec::new()
    }

    /// What came before the failed record is done with, so the rest begins to count anew.
    fn go_on_from_failure(&mut self, planned: Planned, succeeded: usize, now: SystemTime) -> Vec<Record> {
        let rest = Planned { records: planned.records - succeeded, failures: 0, ..planned };
        if self.rules.bisect {
            self.batches.push_front(Planned { not_before: now, ..rest });
            return Vec::new();
        }
        self.retry(rest, now)
    }

    /// Splitting a batch is no retry of it.
    /// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
    fn try_again(&mut self, planned: Planned, now: SystemTime) -> Vec<Record> {
        if !self.rules.bisect || planned.records < 2 {
            return self.retry(planned, now);
        }
        let first = planned.records / 2;
        self.batches.push_front(Planned { records: planned.records - first, not_before: now, ..planned });
        self.batches.push_front(Planned { records: first, not_before: now, ..planned });
        Vec::new()
    }

    fn retry(&mut self, planned: Planned, now: SystemTime) -> Vec<Record> {
        let failures = planned.failures + 1;
        if self.rules.retries.is_some_and(|retries| failures > retries) {
            return self.take(planned.records);
        }
        self.batches.push_front(Planned { failures, throttles: 0, not_before: now + backoff(failures), ..planned });
        Vec::new()
    }
}

/// A second, doubled with each failure up to a minute. AWS documents that its delays grow, not what they are.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.saturating_sub(1).min(6)).min(Duration::from_secs(60))
}

/// The greatest number below a sequence number, with as many digits, so that text and number compare alike.
fn before(sequence_number: &str) -> Option<String> {
    let number: u128 = sequence_number.parse().ok()?;
    Some(format!("{:0width$}", number.checked_sub(1)?, width = sequence_number.len()))
}
