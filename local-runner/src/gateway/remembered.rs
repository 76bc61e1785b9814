use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use skyloom_manifest::{Function, Trigger};

use crate::clock::Clock;

/// The answers of authorizer functions, for as long as they may be reused: by function and identity, whatever the route. So an
/// answer that was given for one route decides on the others too.
pub(super) struct Remembered<T> {
    clock: Clock,
    /// How long the answers of each function may be reused.
    lifetimes: HashMap<String, Duration>,
    /// With the time since the epoch until which they hold.
    answers: Mutex<HashMap<(String, String), (T, Duration)>>,
}

impl<T: Clone> Remembered<T> {
    pub(super) fn new(functions: &[Function], clock: Clock) -> Self {
        let lifetimes = functions.iter().filter_map(|function| match function.trigger {
            Trigger::Authorizer { cache, .. } => Some((function.name.clone(), Duration::from_secs(cache.into()))),
            _ => None,
        });
        Self { clock, lifetimes: lifetimes.collect(), answers: Mutex::default() }
    }

    pub(super) fn get(&self, function: &str, identity: &str) -> Option<T> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.since_epoch();
        answers.retain(|_, (_, until)| *until > now);
        answers.get(&(function.into(), identity.into())).map(|(answer, _)| answer.clone())
    }

    pub(super) fn keep(&self, function: &str, identity: &str, answer: &T) {
        let lifetime = self.lifetimes.get(function).copied().unwrap_or_default();
        if !lifetime.is_zero() {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let until = self.clock.since_epoch() + lifetime;
            answers.insert((function.into(), identity.into()), (answer.clone(), until));
        }
    }
}
