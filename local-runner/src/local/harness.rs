//! The body of `#[skyloom_local::test]`: runs a test against a new application on a paused clock.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use futures_util::FutureExt as _;
use skyloom_manifest::{Manifest, bridge::Application};

use super::{Local, Outcome};
use crate::{
    clock::Clock,
    fault::{self, Faults, Plan},
    runner::{Runner, RunnerError},
    site::Site,
};

/// When every test begins: 2026-01-01T00:00:00Z.
const START: Duration = Duration::from_secs(1_767_225_600);

/// A run that has ended.
pub(super) struct Finished<T> {
    /// What the test returned, or its panic.
    pub(super) output: Result<T, Box<dyn Any + Send>>,
    /// Everything is there still, to be looked at.
    pub(super) runner: Arc<Runner>,
}

/// Runs a test once, without faults, and prints what its functions did if it fails.
#[doc(hidden)]
pub fn run<F, Fut>(application: Application, name: &str, test: F) -> Fut::Output
where
    F: FnOnce(Local) -> Fut,
    Fut: Future<Output: Outcome>,
{
    let finished = run_once(application, manifest(application), None, test);
    if finished.failure().is_some() {
        eprint!("{name} failed; its functions did this:\n{}", finished.runner.report());
    }
    finished.output.unwrap_or_else(|panic| resume_unwind(panic))
}

pub(super) fn manifest(application: Application) -> Manifest {
    let manifest = (application.manifest)(application.name).map_err(RunnerError::Invalid);
    manifest.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a test against an application of its own, under the faults of a plan, if there is one.
pub(super) fn run_once<F, Fut>(
    application: Application,
    manifest: Manifest,
    plan: Option<Plan>,
    test: F,
) -> Finished<Fut::Output>
where
    F: FnOnce(Local) -> Fut,
    Fut: Future,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let runtime = runtime.unwrap_or_else(|error| panic!("cannot start tokio: {error}"));
    runtime.block_on(async {
        let clock = Clock::starting_at(UNIX_EPOCH + START);
        let faults = match plan {
            Some(plan) => {
                let site = Site::of_test(application.name);
                Faults::planned(plan, fault::declared(&manifest, &site), clock.clone())
            }
            None => Faults::none(clock.clone()),
        };
        let runner = Runner::in_process(application, manifest, clock, faults).unwrap_or_else(|error| panic!("{error}"));
        let app = Local { runner: Arc::clone(&runner) };
        // The test itself may panic before it gives a future.
        let output = AssertUnwindSafe(async { test(app).await }).catch_unwind().await;
        Finished { output, runner }
    })
}

impl<T: Outcome> Finished<T> {
    /// Why the test failed, if it did.
    pub(super) fn failure(&self) -> Option<String> {
        match &self.output {
            Ok(output) => output.failure(),
            Err(panic) => Some(text(panic.as_ref())),
        }
    }
}

/// What a panic says.
fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it panicked").to_owned()
}
