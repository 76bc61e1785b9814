//! Tumbling windows: which one a record belongs to, and the state that its invocations hand on.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::record::Record;

/// The largest state of a window, in bytes; at more it ends early.
const MOST_STATE: usize = 1024 * 1024;

/// A window whose first record was delivered, and whose last invocation was not.
#[derive(Debug)]
pub(super) struct Window {
    /// The shard whose records are in it: its successor has windows of its own.
    shard: Arc<str>,
    start: SystemTime,
    length: Duration,
    state: Box<RawValue>,
    /// After which record the window began.
    began_after: Option<String>,
}

/// What an event tells of its window.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) shard: Arc<str>,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) state: Box<RawValue>,
    pub(super) is_last: bool,
    pub(super) is_early: bool,
}

impl Window {
    /// The window of that length in which a record is. Windows begin at whole multiples of it since the epoch.
    pub(super) fn of(record: &Record, length: Duration) -> Self {
        let since_epoch = record.created.duration_since(UNIX_EPOCH).unwrap_or_default();
        let start = since_epoch.as_secs() / length.as_secs().max(1) * length.as_secs();
        Self {
            shard: Arc::clone(&record.shard),
            start: UNIX_EPOCH + Duration::from_secs(start),
            length,
            state: RawValue::NULL.to_owned(),
            began_after: None,
        }
    }

    /// The same, opened by its first record.
    pub(super) fn opened(record: &Record, length: Duration, began_after: Option<String>) -> Self {
        Self { began_after, ..Self::of(record, length) }
    }

    /// After which record all has to come again where the state is lost, as when the runner ends.
    pub(super) fn began_after(&self) -> Option<&String> {
        self.began_after.as_ref()
    }

    /// A record that comes late, with an earlier time, is of the window that is open.
    pub(super) fn has(&self, record: &Record) -> bool {
        record.shard == self.shard && record.created < self.end()
    }

    pub(super) fn end(&self) -> SystemTime {
        self.start + self.length
    }

    pub(super) fn keep(&mut self, state: Box<RawValue>) {
        self.state = state;
    }

    pub(super) fn is_too_large(&self) -> bool {
        self.state.get().len() > MOST_STATE
    }

    pub(super) fn frame(&self, is_last: bool) -> Frame {
        let state = if self.state.get() == "null" { RawValue::from_string("{}".into()).ok() } else { None };
        Frame {
            shard: Arc::clone(&self.shard),
            start: time(self.start),
            end: time(self.end()),
            state: state.unwrap_or_else(|| self.state.clone()),
            is_last,
            is_early: is_last && self.is_too_large(),
        }
    }
}

/// `2025-01-01T00:00:00Z`
pub(super) fn time(time: SystemTime) -> String {
    Timestamp::try_from(time).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
