//! What happened, in order, each thing on the time of the runner's clock.
//!
//! Nothing in it is of the machine: the same seed gives the same lines, byte for byte.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use jiff::Timestamp;

use crate::clock::Clock;

/// The log of one application; a clone is the same log. A server keeps none, since it would grow without end.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventLog(Option<Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    clock: Clock,
    entries: Mutex<Vec<(SystemTime, Event)>>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A request came to the API: `POST /orders`.
    Request(String),
    /// It was answered with this status.
    Reply { request: String, status: u16 },
    /// A function was started with an event, by whom.
    Invoked { function: String, by: Arc<str>, is_cold: bool },
    /// It ended.
    Ended { function: String, error: Option<String> },
    /// Somebody called DynamoDB. The answer is the status, and the exception if there is one.
    Called { by: Arc<str>, operation: String, on: String, answer: String },
    /// Records of a table's stream went out to a function.
    Delivered { table: String, function: String, records: usize },
    /// Items whose time was over were deleted.
    Expired(usize),
    /// A fault of the seed.
    Fault(String),
}

impl EventLog {
    pub(crate) fn kept(clock: Clock) -> Self {
        Self(Some(Arc::new(Kept { clock, entries: Mutex::default() })))
    }

    /// Whether anything is kept, for who would do work to describe an event.
    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn add(&self, event: impl FnOnce() -> Event) {
        if let Some(kept) = &self.0 {
            let entry = (kept.clock.now(), event());
            kept.entries().push(entry);
        }
    }

    /// A line for each event, the oldest first.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Some(kept) = &self.0 else { return Vec::new() };
        kept.entries().iter().map(|(at, event)| format!("{} {event}", shown(*at))).collect()
    }

    /// The last lines.
    pub(crate) fn tail(&self, count: usize) -> Vec<String> {
        let mut lines = self.lines();
        lines.split_off(lines.len().saturating_sub(count))
    }

    /// Who has invoked which function, and which function has called what, how often; the most frequent first.
    pub(crate) fn busiest(&self) -> Vec<(String, usize)> {
        let Some(kept) = &self.0 else { return Vec::new() };
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, event) in kept.entries().iter() {
            let what = match event {
                Event::Invoked { function, by, .. } => format!("{by} invoked {function}"),
                Event::Called { by, operation, on, .. } => format!("{by} called {operation} on {on}"),
                _ => continue,
            };
            *counts.entry(what).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}

impl Kept {
    fn entries(&self) -> MutexGuard<'_, Vec<(SystemTime, Event)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `2026-01-01T00:00:00.000Z`
pub(crate) fn shown(time: SystemTime) -> String {
    Timestamp::try_from(time).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(request) => write!(f, "request  {request}"),
            Self::Reply { request, status } => write!(f, "reply    {request}: {status}"),
            Self::Invoked { function, by, is_cold } => {
                write!(f, "invoke   {function} by {by}{}", if *is_cold { " (cold start)" } else { "" })
            }
            Self::Ended { function, error: None } => write!(f, "end      {function}"),
            Self::Ended { function, error: Some(error) } => write!(f, "end      {function}: {error}"),
            Self::Called { by, operation, on, answer } => write!(f, "dynamodb {by} {operation} {on}: {answer}"),
            Self::Delivered { table, function, records } => {
                write!(f, "deliver  {records} of the stream of {table} to {function}")
            }
            Self::Expired(items) => write!(f, "expire   {items}"),
            Self::Fault(fault) => write!(f, "fault    {fault}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_event_is_a_line_with_the_runners_time() {
        let log = EventLog::kept(Clock::starting_at(UNIX_EPOCH));
        log.add(|| Event::Request("GET /".into()));
        tokio::time::advance(Duration::from_millis(1_500)).await;
        log.add(|| Event::Reply { request: "GET /".into(), status: 200 });
        assert_eq!(
            log.lines(),
            ["1970-01-01T00:00:00.000Z request  GET /", "1970-01-01T00:00:01.500Z reply    GET /: 200"]
        );
        assert_eq!(log.tail(1).len(), 1);
    }

    #[test]
    fn a_log_that_is_not_kept_costs_nothing() {
        let log = EventLog::default();
        log.add(|| panic!("nobody reads it"));
        assert_eq!(log.lines(), [""; 0]);
    }
}
