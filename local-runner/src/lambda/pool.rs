use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::environment::{Environment, Log};

/// The execution environments of one function, and how many of its invocations may run at once.
pub(super) struct Pool {
    concurrency: Concurrency,
    /// How many environments may exist at once where each is a process; who is over that waits.
    places: Option<Arc<Semaphore>>,
    idle_limit: usize,
    idle: Mutex<Idle>,
}

/// How many invocations may run at once; who is over that is throttled.
pub(super) enum Concurrency {
    /// The function's own number. Who waits for a place counts, since it would run at AWS.
    Reserved(Arc<Semaphore>),
    /// Of all functions that reserved none. Who waits for a place does not count: what runs here for seconds because a machine has
    /// few processors would be over at AWS, and a crowd that AWS serves must not be refused here.
    Shared(Arc<Semaphore>),
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
    pub(super) fn new(concurrency: Concurrency, places: Option<usize>, idle_limit: usize) -> Self {
        let places = places.map(|places| Arc::new(Semaphore::new(places)));
        Self { concurrency, places, idle_limit, idle: Mutex::default() }
    }

    /// Nothing where the function is throttled.
    pub(super) async fn admit(&self) -> Option<Permit> {
        let (concurrency, place) = match &self.concurrency {
            Concurrency::Reserved(own) => (own.clone().try_acquire_owned().ok()?, self.place().await),
            Concurrency::Shared(all) => {
                let place = self.place().await;
                (all.clone().try_acquire_owned().ok()?, place)
            }
        };
        Some(Permit { _concurrency: concurrency, _place: place, generation: self.idle().generation })
    }

    /// Nothing where environments are no processes.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone()?.acquire_owned().await.ok()
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

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn one() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(1))
    }

    #[tokio::test]
    async fn who_waits_for_a_place_is_not_throttled_by_the_accounts_limit() {
        let pool = Pool::new(Concurrency::Shared(one()), Some(1), 1);
        let first = pool.admit().await.unwrap();
        let mut second = std::pin::pin!(pool.admit());
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.await.is_some());
    }

    #[tokio::test]
    async fn who_is_over_a_functions_own_limit_is_throttled_at_once() {
        let pool = Pool::new(Concurrency::Reserved(one()), Some(1), 1);
        let _first = pool.admit().await.unwrap();
        assert!(pool.admit().now_or_never().unwrap().is_none());
    }
}
