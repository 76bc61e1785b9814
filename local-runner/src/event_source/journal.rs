//! What went wrong, for whoever runs the application.

use std::{collections::VecDeque, fmt, sync::Arc, time::SystemTime};

use serde_json::value::RawValue;

use super::{Mapping, answer::Outcome, batch::Batch, record::Record, window::time};

/// A long-running server forgets the oldest.
const MOST_ENTRIES: usize = 1_000;

/// Records that will not be delivered.
#[derive(Clone, Debug)]
pub(crate) struct Discarded {
    /// The function that should have had them.
    pub(crate) function: String,
    /// The table that they are of, as in the manifest.
    pub(crate) table: String,
    /// Why they were given up.
    pub(crate) reason: DiscardReason,
    /// The records as the function would have got them.
    pub(crate) records: Vec<Arc<RawValue>>,
    /// When.
    pub(crate) at: SystemTime,
}

impl fmt::Display for Discarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, table, reason, records, at } = self;
        let count = records.len();
        write!(f, "{} {count} records of {table} were not delivered to {function}, since {reason}:", time(*at))?;
        records.iter().try_for_each(|record| write!(f, "\n  {}", record.get()))
    }
}

/// Why records were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiscardReason {
    /// They failed once more than they may be tried again.
    RetriesExhausted,
    /// They reached the age from which they are no longer tried.
    RecordTooOld,
}

impl fmt::Display for DiscardReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RetriesExhausted => "their retries are exhausted",
            Self::RecordTooOld => "they are older than records may be",
        })
    }
}

/// A delivery that failed, wholly or in part.
#[derive(Clone, Debug)]
pub(crate) struct FailedDelivery {
    /// The function.
    pub(crate) function: String,
    /// The table that the records are of, as in the manifest.
    pub(crate) table: String,
    /// What happened.
    pub(crate) error: String,
    /// How many records the batch had.
    pub(crate) records: usize,
    /// How often the batch had failed before.
    pub(crate) failures_before: u32,
    /// When.
    pub(crate) at: SystemTime,
}

impl fmt::Display for FailedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, table, error, records, failures_before, at } = self;
        let at = time(*at);
        write!(f, "{at} {records} records of {table}, try {}, failed in {function}: {error}", failures_before + 1)
    }
}

#[derive(Debug, Default)]
pub(super) struct Journal {
    discarded: VecDeque<Discarded>,
    failures: VecDeque<FailedDelivery>,
}

impl Journal {
    pub(super) fn discarded(&self) -> Vec<Discarded> {
        self.discarded.iter().cloned().collect()
    }

    pub(super) fn failures(&self) -> Vec<FailedDelivery> {
        self.failures.iter().cloned().collect()
    }

    pub(super) fn discard(&mut self, mapping: &Mapping, records: &[Record], reason: DiscardReason, at: SystemTime) {
        let (function, table) = (mapping.function.clone(), mapping.table.clone());
        tracing::warn!(function, table, records = records.len(), %reason, "records were discarded");
        let records = records.iter().map(|record| record.text.clone()).collect();
        push(&mut self.discarded, Discarded { function, table, reason, records, at });
    }

    pub(super) fn fail(&mut self, mapping: &Mapping, batch: &Batch, outcome: &Outcome, at: SystemTime) {
        let records = batch.records.len();
        let error = match outcome {
            Outcome::Succeeded => return,
            Outcome::Throttled => "the function was throttled".to_owned(),
            Outcome::FailedFrom(succeeded) => format!("{} of {records} records are to come again", records - succeeded),
            Outcome::Malformed(error) | Outcome::Failed(error) => error.clone(),
        };
        let (function, table) = (mapping.function.clone(), mapping.table.clone());
        tracing::warn!(function, table, records, error, "a batch failed");
        push(
            &mut self.failures,
            FailedDelivery { function, table, error, records, failures_before: batch.failures, at },
        );
    }
}

fn push<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == MOST_ENTRIES {
        entries.pop_front();
    }
    entries.push_back(entry);
}
