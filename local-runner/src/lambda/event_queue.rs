use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::future::join_all;

use super::Shared;
use crate::invoke::InvokeError;

/// An event is not tried any more when it is so old.
const MAXIMUM_AGE: Duration = Duration::from_secs(6 * 60 * 60);
/// A failed event is tried again after one minute, and then after two.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const RETRIES: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];

/// The invocations of type `Event`: nobody waits for them, they run when [`EventQueue::run_due`] is called.
#[derive(Debug, Default)]
pub(super) struct EventQueue(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    queued: Vec<Queued>,
    discarded: Vec<DiscardedEvent>,
}

#[derive(Clone, Debug)]
struct Queued {
    function: String,
    request_id: String,
    event: Bytes,
    queued_at: SystemTime,
    due: SystemTime,
    failures: usize,
    throttles: u32,
}

/// An invocation of type `Event` that failed for good.
#[derive(Clone, Debug)]
pub(crate) struct DiscardedEvent {
    pub(crate) function: String,
    pub(crate) request_id: String,
    pub(crate) error: InvokeError,
}

impl EventQueue {
    pub(super) fn push(&self, function: &str, request_id: &str, event: Bytes, now: SystemTime) {
        let (function, request_id) = (function.into(), request_id.into());
        let queued = Queued { function, request_id, event, queued_at: now, due: now, failures: 0, throttles: 0 };
        self.state().queued.push(queued);
    }

    /// Runs at once all that is due now. What fails is queued again; retries keep the request id, as on AWS.
    pub(super) async fn run_due(&self, lambda: &Shared) {
        let now = lambda.clock.now();
        let due: Vec<Queued> = self.state().queued.extract_if(.., |queued| queued.due <= now).collect();
        join_all(due.into_iter().map(|queued| self.run(lambda, queued))).await;
    }

    async fn run(&self, lambda: &Shared, queued: Queued) {
        let finished = lambda.run(&queued.function, queued.event.clone(), queued.request_id.clone()).await;
        if let Err(error) = finished.and_then(|finished| finished.answer) {
            self.failed(queued, error, lambda.clock.now());
        }
    }

    fn failed(&self, mut queued: Queued, error: InvokeError, now: SystemTime) {
        let wait = if error == InvokeError::Throttled {
            queued.throttles += 1; // does not count as a retry
            Some(throttle_backoff(queued.throttles))
        } else {
            queued.failures += 1;
            RETRIES.get(queued.failures - 1).copied()
        };
        let due = wait.map(|wait| now + wait).filter(|due| *due < queued.queued_at + MAXIMUM_AGE);
        let mut state = self.state();
        match due {
            Some(due) => state.queued.push(Queued { due, ..queued }),
            None => {
                let Queued { function, request_id, .. } = queued;
                state.discarded.push(DiscardedEvent { function, request_id, error });
            }
        }
    }

    pub(super) fn next_due(&self) -> Option<SystemTime> {
        self.state().queued.iter().map(|queued| queued.due).min()
    }

    pub(super) fn discarded(&self) -> Vec<DiscardedEvent> {
        self.state().discarded.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From one second, doubled each time, up to five minutes.
fn throttle_backoff(throttles: u32) -> Duration {
    Duration::from_secs(1 << throttles.saturating_sub(1).min(9)).min(Duration::from_secs(300))
}
