use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::environment::{Environment, Log};

/// The execution environments of one function, and how many of its invocations may run at once.
pub(super) struct Pool {
    concurrency: Arc<Semaphore>,
    /// How many environments may exist at once where each is a process; who is over that waits.
    places: Option<Arc<Semaphore>>,
    idle_limit: usize,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// Environments of an older generation are not used again.
    generation: u64,
    environments: Vec<Started>,
}

/// A started environment.
pub(super) struct Started {
    pub(super) environment: Environment,
    pub(super) log: Log,
    generation: u64,
    /// How long its start took, until its first invocation.
    pub(super) init: Option<Duration>,
}

/// The right to run one invocation.
pub(super) struct Permit {
    _concurrency: OwnedSemaphorePermit,
    _place: Option<OwnedSemaphorePermit>,
    generation: u64,
}

impl Pool {
    pub(super) fn new(concurrency: Arc<Semaphore>, places: Option<usize>, idle_limit: usize) -> Self {
        let places = places.map(|places| Arc::new(Semaphore::new(places)));
        Self { concurrency, places, idle_limit, idle: Mutex::default() }
    }

    /// Nothing where the function is throttled.
    pub(super) async fn admit(&self) -> Option<Permit> {
        let concurrency = self.concurrency.clone().try_acquire_owned().ok()?;
        let place = match self.places.clone() {
            Some(places) => Some(places.acquire_owned().await.ok()?),
            None => None,
        };
        Some(Permit { _concurrency: concurrency, _place: place, generation: self.idle().generation })
    }

    /// An environment that waits for work, the one that worked last first. One that died meanwhile is nobody's failure.
    pub(super) fn idle_environment(&self) -> Option<Started> {
        let mut idle = self.idle();
        idle.environments.retain(|started| started.environment.is_alive());
        idle.environments.pop()
    }

    /// A new environment, of the generation that was current when its invocation was admitted.
    pub(super) fn started(permit: &Permit, environment: Environment, log: Log, init: Duration) -> Started {
        Started { environment, log, generation: permit.generation, init: Some(init) }
    }

    /// Keeps an environment for later, unless it is outdated or enough others wait.
    pub(super) fn keep(&self, mut started: Started) {
        let mut idle = self.idle();
        if started.generation == idle.generation && idle.environments.len() < self.idle_limit {
            started.init = None;
            idle.environments.push(started);
        }
    }

    /// Ends what waits, and what runs once it has answered.
    pub(super) fn renew(&self) {
        let mut idle = self.idle();
        idle.generation += 1;
        idle.environments.clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
