//! What goes wrong in the cloud, drawn from a seed: calls that fail, answers that are lost, functions that die.
//!
//! A fault is decided where it may happen. What is drawn there depends on the seed, on what happens, and on how often that
//! happened before, and on nothing else: taking one fault away leaves all others what they were, which is what makes a
//! failing run small.

mod capacity;
mod dynamodb;
mod invocation;
mod luck;
mod rates;
mod shrink;
mod stream;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

pub use self::rates::Rates;
use self::{capacity::Buckets, luck::Luck};
pub(crate) use self::{
    capacity::{Declared, declared},
    dynamodb::Call,
    invocation::cause,
    shrink::minimal,
};
use crate::{
    clock::Clock,
    event_log::{Event, EventLog, shown},
};

/// The faults of one run, and the log of what happens in it. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) log: EventLog,
    injector: Option<Arc<Injector>>,
}

/// Which faults a run has.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) rates: Rates,
    /// Of those that the seed draws only these, if not all.
    pub(crate) only: Option<BTreeSet<Place>>,
}

/// Where a fault may be: what happens, and how often it happened before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    point: String,
    time: u32,
}

/// A fault that there was.
#[derive(Clone, Debug)]
pub(crate) struct Injected {
    pub(crate) place: Place,
    at: SystemTime,
    what: String,
}

#[derive(Debug)]
struct Injector {
    plan: Plan,
    clock: Clock,
    buckets: Buckets,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    passed: BTreeMap<String, u32>,
    injected: Vec<Injected>,
    /// The tables that transactions have written to.
    transacted: BTreeSet<String>,
}

impl Faults {
    /// No faults, and a log.
    pub(crate) fn none(clock: Clock) -> Self {
        Self { log: EventLog::kept(clock), injector: None }
    }

    /// The faults of a plan; tables have the capacity that is declared.
    pub(crate) fn planned(plan: Plan, capacity: impl IntoIterator<Item = Declared>, clock: Clock) -> Self {
        let buckets = Buckets::new(capacity, clock.now());
        let injector = Injector { plan, clock: clock.clone(), buckets, state: Mutex::default() };
        Self { log: EventLog::kept(clock), injector: Some(Arc::new(injector)) }
    }

    /// The faults so far, oldest first.
    pub(crate) fn injected(&self) -> Vec<Injected> {
        self.injector.as_ref().map(|injector| injector.state().injected.clone()).unwrap_or_default()
    }

    /// The seed of the run; a run without faults has 0.
    pub(crate) fn seed(&self) -> u64 {
        self.injector.as_ref().map_or(0, |injector| injector.plan.seed)
    }

    /// Which of these faults happens here, if one does. The rate of each is asked for in turn.
    fn draw<F: Copy>(&self, point: &str, candidates: impl FnOnce(&Rates) -> Vec<(F, f64)>) -> Option<Drawn<F>> {
        let injector = self.injector.as_ref()?;
        let place = injector.pass(point);
        let luck = Luck::new(injector.plan.seed, &place);
        let candidates = candidates(&injector.plan.rates);
        let mut drawn = candidates.into_iter().enumerate();
        let (_, (fault, _)) = drawn.find(|(number, (_, rate))| luck.unit(*number) < *rate)?;
        let is_planned = injector.plan.only.as_ref().is_none_or(|only| only.contains(&place));
        is_planned.then_some(Drawn { fault, place, luck })
    }

    /// Writes down that a fault happens.
    fn note(&self, place: Place, what: String) {
        let Some(injector) = &self.injector else { return };
        self.log.add(|| Event::Fault(what.clone()));
        injector.state().injected.push(Injected { place, at: injector.clock.now(), what });
    }
}

/// A fault that happens, where, and the luck that decides how.
struct Drawn<F> {
    fault: F,
    place: Place,
    luck: Luck,
}

impl Injector {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self, point: &str) -> Place {
        let mut state = self.state();
        let passed = state.passed.entry(point.to_owned()).or_default();
        *passed += 1;
        Place { point: point.to_owned(), time: *passed }
    }
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", shown(self.at), self.what)
    }
}
