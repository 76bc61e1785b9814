//! One lane of a mapping: its records in order, and which of them are delivered when.
//!
//! A mapping has as many lanes for each lineage of shards as its parallelization. Shards of a lineage follow each other in it, so
//! that one begins when all of its parent is done, and no batch has records of two. There is no I/O here, and no clock: the time is
//! passed in.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::value::RawValue;

use super::{answer::Outcome, batch::Batch, record::Record, rules::Rules, window::Window};

/// The largest event that Lambda takes, less its frame.
const MOST_BYTES: usize = 6 * 1024 * 1024 - 256;

#[derive(Debug)]
pub(super) struct Lane {
    rules: Arc<Rules>,
    /// The last record that was done before this mapping began.
    after: Option<String>,
    /// Records that were read and are not done with, and when they came.
    waiting: VecDeque<(Record, SystemTime)>,
    /// How the first of those are divided into batches; the rest is not yet.
    batches: VecDeque<Planned>,
    /// The tumbling window that is open.
    window: Option<Window>,
}

/// A batch whose delivery has begun, or has failed before. It keeps its records until it succeeds or is given up.
#[derive(Clone, Copy, Debug)]
struct Planned {
    /// None, if this is the last invocation of a window.
    records: usize,
    failures: u32,
    throttles: u32,
    /// How often its records were delivered, in this batch or in one that it was split from.
    invocations: u32,
    not_before: SystemTime,
}

/// Records that are not tried again.
#[derive(Debug, Default)]
pub(super) struct GivenUp {
    pub(super) records: Vec<Record>,
    pub(super) invocations: u32,
}

impl Lane {
    pub(super) fn new(rules: Arc<Rules>) -> Self {
        Self { rules, after: None, waiting: VecDeque::new(), batches: VecDeque::new(), window: None }
    }

    /// Forgets what is waiting and goes on after that record.
    pub(super) fn start_after(&mut self, sequence_number: Option<String>) {
        *self = Self { after: sequence_number, ..Self::new(Arc::clone(&self.rules)) };
    }

    /// Takes a record that was read at that time.
    pub(super) fn push(&mut self, record: Record, now: SystemTime) {
        if self.after.as_ref().is_none_or(|after| record.sequence_number > *after) {
            self.waiting.push_back((record, now));
        }
    }

    /// The sequence number up to which nothing is left to deliver, if all was read up to that position.
    pub(super) fn checkpoint(&self, read: Option<&str>) -> Option<String> {
        match (&self.window, self.waiting.front()) {
            (Some(window), _) => window.began_after().cloned(),
            (None, Some((record, _))) => before(&record.sequence_number),
            (None, None) => read.max(self.after.as_deref()).map(str::to_owned),
        }
    }

    /// When the next batch is due, or the end of a window, if there is anything at all.
    pub(super) fn due_at(&self) -> Option<SystemTime> {
        if let Some(planned) = self.batches.front() {
            return Some(planned.not_before);
        }
        let first = self.waiting.front();
        match (&self.window, first) {
            (Some(window), _) if window.is_too_large() => Some(SystemTime::UNIX_EPOCH),
            (Some(window), None) => Some(window.end()),
            (Some(window), Some((record, since))) if !window.has(record) => Some(*since),
            (Some(window), Some((_, since))) => Some(self.batch_due(*since).min(window.end())),
            (None, first) => first.map(|(_, since)| self.batch_due(*since)),
        }
    }

    fn batch_due(&self, since: SystemTime) -> SystemTime {
        let next = self.in_one_batch();
        let is_full = next >= self.rules.batch_size || next < self.waiting.len() || self.fits(next) < next;
        if is_full { since } else { since + self.rules.batch_window }
    }

    /// The batch that is due, and the records that had become too old for one, by shards.
    pub(super) fn next(&mut self, now: SystemTime) -> (Option<Batch>, Vec<GivenUp>) {
        let expired = self.take_expired(now);
        if self.due_at().is_none_or(|due| due > now) {
            return (None, expired);
        }
        let planned = match self.batches.front() {
            Some(planned) => *planned,
            None => self.plan(now),
        };
        let records = self.waiting.iter().take(planned.records).map(|(record, _)| record.clone()).collect();
        let window = self.window.as_ref().map(|window| window.frame(planned.records == 0));
        (Some(Batch { records, failures: planned.failures, window }), expired)
    }

    fn plan(&mut self, now: SystemTime) -> Planned {
        let records = if self.is_window_over(now) {
            0
        } else {
            self.open_window();
            self.fits(self.rules.batch_size.min(self.in_one_batch()))
        };
        let planned = Planned { records, failures: 0, throttles: 0, invocations: 0, not_before: now };
        self.batches.push_back(planned);
        planned
    }

    fn is_window_over(&self, now: SystemTime) -> bool {
        self.window.as_ref().is_some_and(|window| {
            let is_used_up = match self.waiting.front() {
                Some((record, _)) => !window.has(record),
                None => window.end() <= now,
            };
            is_used_up || window.is_too_large()
        })
    }

    fn open_window(&mut self) {
        if let (None, Some(length), Some((first, _))) = (&self.window, self.rules.tumbling, self.waiting.front()) {
            self.window = Some(Window::opened(first, length, before(&first.sequence_number)));
        }
    }

    /// How many of the first records are in one shard and, where there are tumbling windows, in one of these.
    fn in_one_batch(&self) -> usize {
        let Some((first, _)) = self.waiting.front() else { return 0 };
        let opened = self.rules.tumbling.map(|length| Window::of(first, length));
        let window = self.window.as_ref().or(opened.as_ref());
        let is_in = |record: &Record| record.shard == first.shard && window.is_none_or(|window| window.has(record));
        self.waiting.iter().take_while(|(record, _)| is_in(record)).count()
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
    fn take_expired(&mut self, now: SystemTime) -> Vec<GivenUp> {
        let is_expired = |record: &Record| now.duration_since(record.created).is_ok_and(|age| age > self.rules.max_age);
        let count = self.waiting.iter().take_while(|(record, _)| is_expired(record)).count();
        let invocations = self.batches.front().map_or(0, |planned| planned.invocations);
        self.drop_planned(count);
        let expired = self.take(count);
        let shards = expired.chunk_by(|one, next| one.shard == next.shard);
        shards.map(|records| GivenUp { records: records.to_vec(), invocations }).collect()
    }

    fn drop_planned(&mut self, mut count: usize) {
        while let Some(first) = self.batches.front_mut().filter(|first| count > 0 && first.records > 0) {
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

    /// What an invocation with the first batch came to, and the state that it handed on. Gives the records that are
    /// not tried again.
    pub(super) fn finish(&mut self, outcome: &Outcome, state: Option<Box<RawValue>>, now: SystemTime) -> GivenUp {
        let Some(planned) = self.batches.pop_front() else { return GivenUp::default() };
        if let (Some(window), Some(state)) = (&mut self.window, state) {
            window.keep(state);
        }
        let planned = Planned { invocations: planned.invocations + 1, ..planned };
        match outcome {
            Outcome::Succeeded => self.succeed(planned),
            Outcome::Throttled => self.wait_for_capacity(planned, now),
            Outcome::FailedFrom(0) | Outcome::Malformed(_) | Outcome::Failed(_) => self.try_again(planned, now),
            Outcome::FailedFrom(succeeded) => {
                self.take(*succeeded);
                self.go_on_from_failure(planned, *succeeded, now)
            }
        }
    }

    fn succeed(&mut self, planned: Planned) -> GivenUp {
        if planned.records == 0 {
            self.window = None;
        }
        self.take(planned.records);
        GivenUp::default()
    }

    /// The batch did not reach the function, so this is none of its retries.
    fn wait_for_capacity(&mut self, planned: Planned, now: SystemTime) -> GivenUp {
        let (throttles, invocations) = (planned.throttles + 1, planned.invocations - 1);
        self.batches.push_front(Planned { throttles, invocations, not_before: now + backoff(throttles), ..planned });
        GivenUp::default()
    }

    /// What came before the failed record is done with, so the rest begins to count anew.
    fn go_on_from_failure(&mut self, planned: Planned, succeeded: usize, now: SystemTime) -> GivenUp {
        let rest = Planned { records: planned.records - succeeded, failures: 0, ..planned };
        if self.rules.bisect {
            self.batches.push_front(Planned { not_before: now, ..rest });
            return GivenUp::default();
        }
        self.retry(rest, now)
    }

    /// Splitting a batch is no retry of it.
    /// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
    fn try_again(&mut self, planned: Planned, now: SystemTime) -> GivenUp {
        if !self.rules.bisect || planned.records < 2 {
            return self.retry(planned, now);
        }
        let first = planned.records / 2;
        self.batches.push_front(Planned { records: planned.records - first, not_before: now, ..planned });
        self.batches.push_front(Planned { records: first, not_before: now, ..planned });
        GivenUp::default()
    }

    fn retry(&mut self, planned: Planned, now: SystemTime) -> GivenUp {
        let failures = planned.failures + 1;
        if self.rules.retries.is_some_and(|retries| failures > retries) {
            if planned.records == 0 {
                self.window = None;
            }
            return GivenUp { records: self.take(planned.records), invocations: planned.invocations };
        }
        self.batches.push_front(Planned { failures, throttles: 0, not_before: now + backoff(failures), ..planned });
        GivenUp::default()
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
