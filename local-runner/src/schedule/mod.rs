//! Schedules: they run functions at their times, as EventBridge does.
//!
//! Nothing runs in the background: whoever owns the schedules asks when the next run is due, and then for all that are.

mod cron;
mod event;
mod expression;

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use futures_util::future::join_all;
use jiff::Timestamp;
use skyloom_manifest::{Manifest, Trigger};

use self::expression::Expression;
use crate::{
    clock::Clock,
    invoke::{Invoke, InvokeError},
    site::Site,
};

/// How long Lambda waits before it runs a failed event again: twice, then never.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
const RETRIES: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// How long Lambda keeps an event for a function that has no capacity.
const MOST_AGE: Duration = Duration::from_secs(6 * 60 * 60);
/// No function runs longer, so none holds a schedule back for longer: what is later was missed while the machine slept,
/// which AWS does not do.
const MOST_LATE: Duration = Duration::from_secs(15 * 60);
/// A long-running server forgets the oldest.
const MOST_FAILURES: usize = 1_000;

/// All schedules of an application.
pub(crate) struct Schedules {
    entries: Vec<Entry>,
    invoke: Invoke,
    clock: Clock,
    site: Site,
    failures: Mutex<VecDeque<FailedRun>>,
}

/// A run that failed.
#[derive(Clone, Debug)]
pub(crate) struct FailedRun {
    /// The function.
    pub(crate) function: String,
    /// The time of the schedule that it ran for.
    pub(crate) scheduled: SystemTime,
    /// What happened.
    pub(crate) error: String,
    /// When.
    pub(crate) at: SystemTime,
    /// When it is tried again, if it is.
    pub(crate) again: Option<SystemTime>,
}

struct Entry {
    function: String,
    expression: Expression,
    /// What is to come, soonest first: retries, and one regular run, which is there while there are any.
    runs: Mutex<Vec<Run>>,
}

#[derive(Clone, Debug)]
struct Run {
    due: SystemTime,
    scheduled: SystemTime,
    failures: usize,
    throttles: u32,
    /// Whether the schedule goes on from here; a retry does not make another run.
    is_regular: bool,
}

impl Schedules {
    /// The schedules of all functions that have one, from now on: `rate(1 hour)` runs first in an hour.
    ///
    /// # Errors
    /// When an expression is not one of EventBridge's.
    pub(crate) fn new(manifest: &Manifest, invoke: Invoke, clock: Clock, site: Site) -> Result<Self, String> {
        let now = clock.now();
        let expressions = manifest.functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Schedule { expression } => Some((&function.name, expression)),
            _ => None,
        });
        let entries = expressions
            .map(|(function, text)| Ok(Entry::new(function, Expression::parse(text)?, now)))
            .collect::<Result<_, String>>()?;
        Ok(Self { entries, invoke, clock, site, failures: Mutex::default() })
    }

    /// Runs all that is due, each schedule's runs in order, and says how many ran.
    pub(crate) async fn run_due(&self) -> usize {
        let runs = self.entries.iter().map(|entry| async {
            let mut count = 0;
            while let Some(run) = entry.take_due(self.clock.now()) {
                self.run(entry, run).await;
                count += 1;
            }
            count
        });
        join_all(runs).await.into_iter().sum()
    }

    /// Leaves out what was missed while the machine slept: of each schedule only the last run is made up for.
    pub(crate) fn skip_missed(&self) {
        self.entries.iter().for_each(|entry| entry.skip_missed(self.clock.now()));
    }

    /// When the next run is due.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.entries.iter().filter_map(Entry::next_due).min()
    }

    /// The runs that failed, oldest first.
    pub(crate) fn failures(&self) -> Vec<FailedRun> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    async fn run(&self, entry: &Entry, run: Run) {
        let event = event::event(&self.site, &entry.function, run.scheduled);
        if let Err(error) = (self.invoke)(entry.function.clone(), event).await {
            self.fail(entry, run, &error);
        }
    }

    fn fail(&self, entry: &Entry, run: Run, error: &InvokeError) {
        let now = self.clock.now();
        let scheduled = run.scheduled;
        let retry = run.after(error, now);
        let again = retry.as_ref().map(|retry| retry.due);
        entry.runs().extend(retry);
        let (function, error) = (entry.function.clone(), error.to_string());
        tracing::warn!(function, error, "a scheduled run failed");
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() == MOST_FAILURES {
            failures.pop_front();
        }
        failures.push_back(FailedRun { function, scheduled, error, at: now, again });
    }
}

impl Entry {
    fn new(function: &str, expression: Expression, now: SystemTime) -> Self {
        let first = expression.first(now).map(Run::regular);
        Self { function: function.to_owned(), expression, runs: Mutex::new(first.into_iter().collect()) }
    }

    fn runs(&self) -> MutexGuard<'_, Vec<Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_due(&self) -> Option<SystemTime> {
        self.runs().iter().map(|run| run.due).min()
    }

    fn skip_missed(&self, now: SystemTime) {
        let is_missed = |run: &Run| now.duration_since(run.due).is_ok_and(|late| late > MOST_LATE);
        let mut runs = self.runs();
        let Some(run) = runs.iter_mut().find(|run| run.is_regular && is_missed(run)) else { return };
        while let Some(later) = self.expression.after(run.scheduled).filter(|later| *later <= now) {
            *run = Run::regular(later);
        }
    }

    /// Takes the run away before it runs, so that two callers never run the same.
    fn take_due(&self, now: SystemTime) -> Option<Run> {
        let mut runs = self.runs();
        let (at, due) = runs.iter().enumerate().map(|(at, run)| (at, run.due)).min_by_key(|(_, due)| *due)?;
        if due > now {
            return None;
        }
        let run = runs.remove(at);
        if run.is_regular {
            runs.extend(self.expression.after(run.scheduled).map(Run::regular));
        }
        Some(run)
    }
}

impl Run {
    fn regular(at: SystemTime) -> Self {
        Self { due: at, scheduled: at, failures: 0, throttles: 0, is_regular: true }
    }

    /// The next try after a failure, if there is one.
    fn after(self, error: &InvokeError, now: SystemTime) -> Option<Self> {
        let retry = Self { is_regular: false, ..self };
        match error {
            InvokeError::NotFound(_) => None,
            InvokeError::Throttled => {
                let delay = Duration::from_secs(1 << retry.throttles.min(9)).min(Duration::from_secs(300));
                let is_young = now.duration_since(retry.scheduled).is_ok_and(|age| age + delay <= MOST_AGE);
                is_young.then_some(Self { due: now + delay, throttles: retry.throttles + 1, ..retry })
            }
            InvokeError::Failed(_)
            | InvokeError::TimedOut { .. }
            | InvokeError::Exited { .. }
            | InvokeError::TooLarge(_) => {
                let delay = RETRIES.get(retry.failures)?;
                Some(Self { due: now + *delay, failures: retry.failures + 1, ..retry })
            }
        }
    }
}

impl fmt::Display for FailedRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, error, .. } = self;
        let time = |time| Timestamp::try_from(time).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ");
        write!(f, "{} {function}, scheduled for {}, failed: {error}; ", time(self.at), time(self.scheduled))?;
        match self.again {
            Some(again) => write!(f, "it is tried again at {}", time(again)),
            None => f.write_str("it is not tried again"),
        }
    }
}

impl fmt::Debug for Schedules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<_> = self.entries.iter().map(|entry| &entry.function).collect();
        f.debug_struct("Schedules").field("functions", &functions).finish_non_exhaustive()
    }
}
