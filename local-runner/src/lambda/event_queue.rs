//! The invocations of type `Event`: nobody waits for them, so that Lambda keeps them, tries them again, and tells
//! destinations what became of them.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::future::join_all;
use jiff::Timestamp;
use skyloom_manifest::EventInvoke;

use super::Shared;
use crate::{fault::cause, invoke::InvokeError};

/// An event is not tried any more when it is so old, unless the function says otherwise.
const MAXIMUM_AGE: Duration = Duration::from_secs(6 * 60 * 60);
/// A failed event is tried again after one minute, and then after two.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const RETRIES: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// A long-running server forgets the oldest.
const MOST_FAILURES: usize = 1_000;

/// The events that wait. They run when [`EventQueue::run_due`] is called.
#[derive(Debug, Default)]
pub(super) struct EventQueue(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    queued: Vec<Event>,
    failures: VecDeque<FailedEvent>,
}

/// An event of a function.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) function: String,
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    /// On whose account the function runs.
    by: &'static str,
    queued_at: SystemTime,
    pub(super) due: SystemTime,
    /// How often the function ran and failed.
    pub(super) failures: u32,
    throttles: u32,
}

/// Why an event is not tried again, in the words of Lambda's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenUp {
    RetriesExhausted,
    EventAgeExceeded,
}

/// An invocation of type `Event` that failed.
#[derive(Clone, Debug)]
pub(crate) struct FailedEvent {
    pub(crate) function: String,
    pub(crate) request_id: String,
    pub(crate) error: InvokeError,
    /// When.
    at: SystemTime,
    /// When it is tried again, if it is.
    pub(crate) again: Option<SystemTime>,
}

impl Event {
    pub(super) fn new(function: &str, request_id: impl Into<String>, payload: Bytes, now: SystemTime) -> Self {
        let (function, request_id, by) = (function.into(), request_id.into(), "the queue of its events");
        Self { function, request_id, payload, by, queued_at: now, due: now, failures: 0, throttles: 0 }
    }

    /// The same, on that account.
    pub(super) fn by(self, by: &'static str) -> Self {
        Self { by, ..self }
    }

    /// The event after a failure, with the time of its next try, or why there is none.
    pub(super) fn after(
        mut self,
        error: &InvokeError,
        options: &EventInvoke,
        now: SystemTime,
    ) -> (Self, Option<GivenUp>) {
        let wait = if *error == InvokeError::Throttled {
            self.throttles += 1; // the function did not run, so this is none of its retries
            Some(throttle_backoff(self.throttles))
        } else {
            self.failures += 1;
            let retries = RETRIES.iter().take(options.retries.map_or(RETRIES.len(), |it| it as usize));
            retries.copied().nth(self.failures as usize - 1)
        };
        let Some(wait) = wait else { return (self, Some(GivenUp::RetriesExhausted)) };
        let max_age = options.max_age.map_or(MAXIMUM_AGE, |seconds| Duration::from_secs(seconds.into()));
        self.due = now + wait;
        // Lambda does not wait for a try that would come too late.
        let is_late = self.due >= self.queued_at + max_age;
        (self, is_late.then_some(GivenUp::EventAgeExceeded))
    }
}

impl EventQueue {
    pub(super) fn push(&self, event: Event) {
        self.state().queued.push(event);
    }

    /// Runs at once all that is due now. What fails is queued again; retries keep the request id, as on AWS.
    pub(super) async fn run_due(&self, lambda: &Shared) {
        let now = lambda.clock.now();
        let due: Vec<Event> = self.state().queued.extract_if(.., |event| event.due <= now).collect();
        join_all(due.into_iter().map(|event| self.run(lambda, event))).await;
    }

    async fn run(&self, lambda: &Shared, event: Event) {
        let run = lambda.run(&event.function, (event.payload.clone(), None), event.request_id.clone());
        match cause(event.by, run).await.and_then(|finished| finished.answer) {
            Ok(answer) => lambda.tell_success(&event, &answer),
            Err(error) => self.failed(lambda, event, &error),
        }
    }

    fn failed(&self, lambda: &Shared, event: Event, error: &InvokeError) {
        let now = lambda.clock.now();
        let options = lambda.event_invoke(&event.function);
        let (event, given_up) = event.after(error, &options, now);
        let again = given_up.is_none().then_some(event.due);
        self.write_down(FailedEvent {
            function: event.function.clone(),
            request_id: event.request_id.clone(),
            error: error.clone(),
            at: now,
            again,
        });
        match given_up {
            Some(reason) => lambda.tell_failure(&event, error, reason),
            None => self.push(event),
        }
    }

    fn write_down(&self, failure: FailedEvent) {
        tracing::warn!(function = failure.function, error = %failure.error, "an event failed");
        let failures = &mut self.state().failures;
        if failures.len() == MOST_FAILURES {
            failures.pop_front();
        }
        failures.push_back(failure);
    }

    pub(super) fn next_due(&self) -> Option<SystemTime> {
        self.state().queued.iter().map(|event| event.due).min()
    }

    pub(super) fn failures(&self) -> Vec<FailedEvent> {
        self.state().failures.iter().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From one second, doubled each time, up to five minutes.
fn throttle_backoff(throttles: u32) -> Duration {
    Duration::from_secs(1 << throttles.saturating_sub(1).min(9)).min(Duration::from_secs(300))
}

impl fmt::Display for FailedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, request_id, error, at, again } = self;
        let time = |time| Timestamp::try_from(time).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ");
        write!(f, "{} the event {request_id} of {function} failed: {error}; ", time(*at))?;
        match again {
            Some(again) => write!(f, "it is tried again at {}", time(*again)),
            None => f.write_str("it is not tried again"),
        }
    }
}
