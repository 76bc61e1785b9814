//! Time: what is due, and when something is.

use std::time::SystemTime;

use super::Runner;
use crate::event_log::Event;

/// Work that makes new work so often without the clock moving does not end.
const ROUNDS_WITHOUT_REST: usize = 1_000;

impl Runner {
    /// Runs all that is due now, once, and says whether something was.
    pub(crate) async fn run_due(&self) -> Result<bool, String> {
        let was_due = self.next_due().is_some_and(|due| due <= self.clock.now());
        let expired = self.account.dynamodb.expire_items()?;
        if expired > 0 {
            self.faults.log.add(|| Event::Expired(expired));
        }
        let delivered = self.sources.run_due().await;
        self.schedules.run_due();
        self.end_connections().await;
        self.lambda.run_due().await;
        Ok(was_due || delivered > 0)
    }

    /// The same for a server, where a slow function delays no other: what is under way is left alone.
    pub(crate) async fn run_idle(&self) -> Result<(), String> {
        self.account.dynamodb.expire_items()?;
        self.schedules.skip_missed();
        self.schedules.run_due();
        tokio::join!(self.sources.run_idle(), self.lambda.run_due(), self.end_connections());
        Ok(())
    }

    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        let due = [
            self.account.dynamodb.next_expiry(),
            self.sources.next_due(),
            self.schedules.next_due(),
            self.lambda.next_due(),
            self.account.connections.next_due(),
        ];
        due.into_iter().flatten().min()
    }

    /// Runs until nothing is due.
    ///
    /// # Errors
    /// A report, if the work makes new work without end.
    pub(crate) async fn settle(&self) -> Result<(), String> {
        for _ in 0..ROUNDS_WITHOUT_REST {
            if !self.run_due().await? {
                return Ok(());
            }
        }
        Err(self.restless())
    }

    /// What to say of work without end.
    fn restless(&self) -> String {
        let log = &self.faults.log;
        let busiest = log.busiest().into_iter().take(8).map(|(what, count)| format!("  {count:>6} × {what}"));
        let last = log.tail(12).into_iter().map(|line| format!("  {line}"));
        format!(
            "the application does not come to rest: after {ROUNDS_WITHOUT_REST} rounds there is still something due. Does a \
             stream handler write to the table whose stream it reads, or to one that leads back to it? A condition on the \
             write, or a filter, ends the circle.\nwho did what, how often:\n{}\nthe last events:\n{}",
            busiest.collect::<Vec<_>>().join("\n"),
            last.collect::<Vec<_>>().join("\n")
        )
    }
}
