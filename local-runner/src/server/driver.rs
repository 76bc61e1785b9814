use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::sync::watch;

use super::Shared;

/// What is due in a while is looked at again by then, whatever else happens.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// State is written down at most so often.
const BETWEEN_SAVES: Duration = Duration::from_millis(500);
/// After a failure of the runner itself.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs what is due, when it is due, until `stop` changes.
pub(super) async fn drive(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut writes = shared.current().account().dynamodb.subscribe();
    let saver = tokio::spawn(save_now_and_then(Arc::clone(&shared)));
    loop {
        let runner = shared.current();
        let wait = match runner.next_due() {
            Some(due) if due <= runner.now() => {
                let shared = Arc::clone(&shared);
                // On its own, so that a slow function delays no other.
                tokio::spawn(async move {
                    if let Err(error) = runner.run_idle().await {
                        tracing::error!(error, "the runner failed");
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                    shared.wake.notify_one();
                });
                LONGEST_SLEEP
            }
            due => until(due, runner.now()),
        };
        tokio::select! {
            _ = tokio::time::sleep(wait) => {}
            () = shared.wake.notified() => {}
            Ok(()) = writes.changed() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    saver.abort();
}

fn until(due: Option<SystemTime>, now: SystemTime) -> Duration {
    due.and_then(|due| due.duration_since(now).ok()).unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP)
}

/// A run that is killed loses half a second at most.
async fn save_now_and_then(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(BETWEEN_SAVES).await;
        if let Err(error) = shared.state.save(&shared.current()) {
            tracing::error!(%error, "the state was not saved");
        }
    }
}
