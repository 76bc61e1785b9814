//! Functions that die, and environments that have to start first.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{Drawn, Faults};
use crate::event_log::Event;

/// What Lambda says of a process that was killed.
const KILLED: &str = "with error: signal: killed";

tokio::task_local! {
    /// On whose account something happens: the request or the function that the current task works for.
    static CAUSE: Arc<str>;
    static RUNNING: Arc<Running>;
}

/// An invocation at work, which a fault can end at any call that it makes.
#[derive(Debug, Default)]
struct Running {
    end: Notify,
}

#[derive(Clone, Copy)]
enum Crash {
    Before,
    After,
}

/// Does some work on that account.
pub(crate) async fn cause<F: Future>(by: impl Into<Arc<str>>, work: F) -> F::Output {
    CAUSE.scope(by.into(), work).await
}

/// On whose account the current task works.
pub(super) fn by() -> Arc<str> {
    CAUSE.try_with(Arc::clone).unwrap_or_else(|_| "the test".into())
}

/// Whether the current task is of an invocation, which alone can die.
pub(super) fn is_running() -> bool {
    RUNNING.try_with(|_| ()).is_ok()
}

/// Ends the invocation of the current task; nothing of it runs after this.
pub(super) async fn die<T>() -> T {
    let _ = RUNNING.try_with(|running| running.end.notify_one()); // only ever called where one runs
    std::future::pending().await
}

impl Faults {
    /// Runs an invocation of a function, if it is let live; `died` makes its answer of how it ended.
    pub(crate) async fn invocation<T>(
        &self,
        function: &str,
        is_cold: bool,
        work: impl Future<Output = T>,
        died: impl FnOnce(String) -> T,
    ) -> T {
        self.log.add(|| Event::Invoked { function: function.to_owned(), by: by(), is_cold });
        let drawn = self.draw(&format!("{function} runs"), |rates| {
            vec![(Crash::Before, rates.crash / 2.0), (Crash::After, rates.crash / 2.0)]
        });
        if let Some(Drawn { fault: Crash::Before, place, .. }) = drawn {
            self.note(place, format!("{function}: its environment died before the handler began"));
            return died(KILLED.into());
        }
        let running = Arc::new(Running::default());
        let work = cause(function, RUNNING.scope(Arc::clone(&running), work));
        let answer = tokio::select! {
            biased;
            () = running.end.notified() => return died(KILLED.into()),
            answer = work => answer,
        };
        if let Some(Drawn { fault: Crash::After, place, .. }) = drawn {
            self.note(place, format!("{function}: its environment died when the handler was done, before it answered"));
            return died(KILLED.into());
        }
        answer
    }

    /// Whether an idle environment of a function is gone, so that it has to start anew.
    pub(crate) fn takes_idle(&self, function: &str) -> bool {
        let drawn = self.draw(&format!("{function} finds an idle environment"), |rates| vec![((), rates.cold_start)]);
        let Some(Drawn { place, .. }) = drawn else { return false };
        self.note(place, format!("{function}: runs in a new environment although one was idle"));
        true
    }

    /// Starts of environments take no time on the virtual clock, but for this.
    pub(crate) async fn start(&self, function: &str) {
        let drawn = self.draw(&format!("{function} starts"), |rates| vec![((), rates.slow_start)]);
        let Some(Drawn { place, luck, .. }) = drawn else { return };
        let takes = Duration::from_millis(luck.between(500..=5_000));
        self.note(place, format!("{function}: its environment takes {} ms to start", takes.as_millis()));
        tokio::time::sleep(takes).await;
    }
}
