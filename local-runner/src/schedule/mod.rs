//! Schedules: they run functions at their times, as EventBridge does.
//!
//! Nothing runs in the background: whoever owns the schedules asks when the next run is due, and then for all that are.

mod cron;
mod event;
mod expression;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use skyloom_manifest::{Manifest, Trigger};

use self::expression::Expression;
use crate::{clock::Clock, invoke::Enqueue, site::Site};

/// What is later than this was missed while the machine slept, which AWS does not do.
const MOST_LATE: Duration = Duration::from_secs(15 * 60);

/// All schedules of an application.
pub(crate) struct Schedules {
    entries: Vec<Entry>,
    enqueue: Enqueue,
    clock: Clock,
    site: Site,
}

struct Entry {
    function: String,
    expression: Expression,
    /// The next run, while there are any.
    next: Mutex<Option<SystemTime>>,
}

impl Schedules {
    /// The schedules of all functions that have one, from now on: `rate(1 hour)` runs first in an hour.
    ///
    /// # Errors
    /// When an expression is not one of EventBridge's.
    pub(crate) fn new(manifest: &Manifest, enqueue: Enqueue, clock: Clock, site: Site) -> Result<Self, String> {
        let now = clock.now();
        let expressions = manifest.functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Schedule { expression } => Some((&function.name, expression)),
            _ => None,
        });
        let entries = expressions
            .map(|(function, text)| Ok(Entry::new(function, Expression::parse(text)?, now)))
            .collect::<Result<_, String>>()?;
        Ok(Self { entries, enqueue, clock, site })
    }

    /// Hands Lambda the events of all runs that are due, each schedule's in order, and says how many there were. What becomes of
    /// them is for Lambda, as on AWS: EventBridge Scheduler does not wait.
    pub(crate) fn run_due(&self) -> usize {
        let mut count = 0;
        for entry in &self.entries {
            while let Some(scheduled) = entry.take_due(self.clock.now()) {
                (self.enqueue)(&entry.function, event::event(&self.site, &entry.function, scheduled));
                count += 1;
            }
        }
        count
    }

    /// Leaves out what was missed while the machine slept: of each schedule only the last run is made up for.
    pub(crate) fn skip_missed(&self) {
        self.entries.iter().for_each(|entry| entry.skip_missed(self.clock.now()));
    }

    /// When the next run is due.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.entries.iter().filter_map(|entry| *entry.next()).min()
    }
}

impl Entry {
    fn new(function: &str, expression: Expression, now: SystemTime) -> Self {
        let next = Mutex::new(expression.first(now));
        Self { function: function.to_owned(), expression, next }
    }

    fn next(&self) -> MutexGuard<'_, Option<SystemTime>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn skip_missed(&self, now: SystemTime) {
        let mut next = self.next();
        let is_missed = |run: &SystemTime| now.duration_since(*run).is_ok_and(|late| late > MOST_LATE);
        let Some(mut last) = next.filter(is_missed) else { return };
        while let Some(later) = self.expression.after(last).filter(|later| *later <= now) {
            last = later;
        }
        *next = Some(last);
    }

    /// The next run, if it is due.
    fn take_due(&self, now: SystemTime) -> Option<SystemTime> {
        let mut next = self.next();
        let due = next.filter(|run| *run <= now)?;
        *next = self.expression.after(due);
        Some(due)
    }
}

impl fmt::Debug for Schedules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<_> = self.entries.iter().map(|entry| &entry.function).collect();
        f.debug_struct("Schedules").field("functions", &functions).finish_non_exhaustive()
    }
}
