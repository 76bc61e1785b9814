use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use skyloom_manifest::{Function, Trigger};

use super::memory::Memory;
use crate::clock::Clock;

/// How much of the answers of an API's authorizers is kept, in bytes. AWS names no limit of its own cache.
const ROOM: usize = 32 * 1024 * 1024;
/// What an answer takes, roughly: a principal, or a policy.
const ANSWER: usize = 2 * 1024;

/// The answers of authorizer functions, for as long as they may be reused: by function and identity, whatever the route. So an
/// answer that was given for one route decides on the others too.
pub(super) struct Remembered<T> {
    clock: Clock,
    /// How long the answers of each function may be reused.
    lifetimes: HashMap<String, Duration>,
    answers: Mutex<Memory<(String, String), T>>,
}

impl<T: Clone> Remembered<T> {
    pub(super) fn new(functions: &[Function], clock: Clock) -> Self {
        let lifetimes = functions.iter().filter_map(|function| match function.trigger {
            Trigger::Authorizer { cache, .. } => Some((function.name.clone(), Duration::from_secs(cache.into()))),
            _ => None,
        });
        Self { clock, lifetimes: lifetimes.collect(), answers: Mutex::new(Memory::new(ROOM)) }
    }

    pub(super) fn get(&self, function: &str, identity: &str) -> Option<T> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&(function.into(), identity.into()), self.clock.since_epoch()).cloned()
    }

    pub(super) fn keep(&self, function: &str, identity: &str, answer: &T) {
        let lifetime = self.lifetimes.get(function).copied().unwrap_or_default();
        if !lifetime.is_zero() {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let until = self.clock.since_epoch() + lifetime;
            answers.put((function.into(), identity.into()), answer.clone(), identity.len() + ANSWER, until);
        }
    }
}
