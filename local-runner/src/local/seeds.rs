//! A test under many seeds, and what there is to say of one that fails.

mod quiet;

use std::{collections::BTreeSet, fmt::Write as _};

use skyloom_manifest::{Manifest, bridge::Application};

use super::{
    Local, Outcome,
    harness::{Finished, manifest, run_once},
};
use crate::fault::{Injected, Place, Plan, Rates, minimal};

/// So many runs are spent on making a failure small.
const MOST_RUNS: usize = 300;
/// Names the one seed that is to run.
const VARIABLE: &str = "SKYLOOM_SEED";
/// How many seeds every test with `seeds = …` runs under instead, as for a long search at night.
const MANY: &str = "SKYLOOM_SEEDS";

/// The body of a test with `seeds = …`: runs it under each seed, from 0 on, until one fails; or under the one that
/// `SKYLOOM_SEED` names, with all that happens printed. `SKYLOOM_SEEDS` is how many it is instead of what the test says.
#[doc(hidden)]
pub fn run_seeds<F, Fut>(application: Application, name: &str, seeds: u64, rates: Rates, test: F) -> Fut::Output
where
    F: Fn(Local) -> Fut,
    Fut: Future<Output: Outcome>,
{
    let runs = Runs { application, manifest: manifest(application), rates, test };
    match variable(VARIABLE, "seed: give the number that a failed test printed") {
        Some(seed) => runs.replay(name, seed),
        None => runs.all(name, variable(MANY, "number of seeds").unwrap_or(seeds)),
    }
}

/// The number in an environment variable, if it is set.
fn variable(name: &str, what: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| number(name, &value, what))
}

fn number(name: &str, value: &str, what: &str) -> u64 {
    value.trim().parse().unwrap_or_else(|_| panic!("`{name}={value}` is no {what}"))
}

/// One test, to be run again and again.
struct Runs<F> {
    application: Application,
    manifest: Manifest,
    rates: Rates,
    test: F,
}

/// A run that failed, without its application.
#[derive(Default)]
struct Failed {
    message: String,
    faults: Vec<Injected>,
    log: Vec<String>,
}

impl<F, Fut> Runs<F>
where
    F: Fn(Local) -> Fut,
    Fut: Future<Output: Outcome>,
{
    fn all(&self, name: &str, seeds: u64) -> Fut::Output {
        let mut last = None;
        for seed in 0..seeds {
            let finished = self.run(seed, None);
            match failed(&finished) {
                Some(failed) => panic!("{}", self.report(name, seed, failed)),
                None => last = finished.output.ok(),
            }
        }
        last.unwrap_or_else(|| panic!("{name} has no seeds to run under: write `seeds = 200`"))
    }

    fn replay(&self, name: &str, seed: u64) -> Fut::Output {
        let finished = self.run(seed, None);
        println!("{name} under seed {seed}:\n{}", finished.runner.faults().log.lines().join("\n"));
        if let Some(Failed { message, faults, .. }) = failed(&finished) {
            println!("its functions did this:\n{}", finished.runner.report());
            panic!("{name} failed under seed {seed}: {message}\nits faults were:\n{}", numbered(&faults));
        }
        finished.output.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    fn run(&self, seed: u64, only: Option<BTreeSet<Place>>) -> Finished<Fut::Output> {
        let plan = Plan { seed, rates: self.rates, only };
        run_once(self.application, self.manifest.clone(), Some(plan), &self.test)
    }

    fn only(&self, seed: u64, faults: &[Injected]) -> Option<Failed> {
        let only = faults.iter().map(|fault| fault.place.clone()).collect();
        quiet::quietly(|| failed(&self.run(seed, Some(only))))
    }

    /// What to say of a seed that fails: how, with which of its faults at least, and how to run it again.
    fn report(&self, name: &str, seed: u64, first: Failed) -> String {
        let mut report = format!("{name} failed under seed {seed}: {}\n", first.message);
        let what = match self.only(seed, &first.faults) {
            Some(second) if second.log == first.log => self.smallest(seed, first),
            Some(second) => unlike(&first.log, &second.log),
            None => "it does not fail again under the same seed: something else than the seed decides, such as the machine's \
                     clock, a random number, a thread, or what a static kept from another run"
                .to_owned(),
        };
        let _ = write!(
            report,
            "{what}\nrun it alone, with all that happened: {VARIABLE}={seed} cargo test {}",
            short(name)
        );
        report
    }

    /// The failure with as few faults as it takes.
    fn smallest(&self, seed: u64, first: Failed) -> String {
        let (all, drawn) = (first.faults.clone(), first.faults.len());
        let mut smallest = first;
        minimal(all, MOST_RUNS, |faults| {
            let failed = self.only(seed, faults);
            let still_fails = failed.is_some();
            smallest = failed.unwrap_or_else(|| std::mem::take(&mut smallest));
            still_fails
        });
        let Failed { message, faults, .. } = smallest;
        match faults.len() {
            0 => format!("it fails without any fault: {message}"),
            left => format!("of its {drawn} faults it takes {left}:\n{}\nand then: {message}", numbered(&faults)),
        }
    }
}

fn failed<T: Outcome>(finished: &Finished<T>) -> Option<Failed> {
    let message = finished.failure()?;
    let faults = finished.runner.faults();
    Some(Failed { message, faults: faults.injected(), log: faults.log.lines() })
}

fn numbered(faults: &[Injected]) -> String {
    let lines = faults.iter().enumerate().map(|(at, fault)| format!("{:>4}. {fault}", at + 1));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where two runs of one seed part.
fn unlike(first: &[String], second: &[String]) -> String {
    let at = first.iter().zip(second).take_while(|(first, second)| first == second).count();
    let line = |log: &[String]| log.get(at).cloned().unwrap_or_else(|| "the end".to_owned());
    format!(
        "it is another run each time, so it is not made smaller: something else than the seed decides, such as the machine's \
         clock or a random number. The first difference is in line {}:\n  {}\n  {}",
        at + 1,
        line(first),
        line(second)
    )
}

/// A test's name as `cargo test` takes it: without the crate.
fn short(name: &str) -> &str {
    name.split_once("::").map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_number() {
        assert_eq!(number(VARIABLE, " 17\n", "seed"), 17);
        assert!(std::panic::catch_unwind(|| quiet::quietly(|| number(VARIABLE, "x", "seed"))).is_err());
    }

    #[test]
    fn the_first_difference_of_two_runs_is_shown() {
        let log = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let text = unlike(&log(&["a", "b"]), &log(&["a", "c"]));
        assert!(text.ends_with("in line 2:\n  b\n  c"), "{text}");
        assert!(unlike(&log(&["a"]), &log(&["a", "c"])).ends_with("the end\n  c"));
    }
}
