//! What has happened, for who looks for the reason.

use std::fmt::Write as _;

use super::Runner;
use crate::lambda::Record;

impl Runner {
    pub(crate) fn logs(&self, function: &str) -> Vec<String> {
        self.records(function).flat_map(|record| record.log).collect()
    }

    pub(crate) fn invocation_count(&self, function: &str) -> usize {
        self.records(function).count()
    }

    fn records(&self, function: &str) -> impl Iterator<Item = Record> {
        self.lambda.invocations().into_iter().filter(move |record| record.function == function)
    }

    /// What every invocation logged, and what was given up, for who looks for the reason of a failure.
    pub(crate) fn report(&self) -> String {
        let mut report = String::new();
        for record in self.lambda.invocations() {
            let _ = writeln!(report, "--- {}\n{record}", record.function); // writing to a string does not fail
        }
        for failure in self.sources.failures() {
            let _ = writeln!(report, "--- delivery: {failure}");
        }
        for discarded in self.sources.discarded() {
            let _ = writeln!(report, "--- given up: {discarded}");
        }
        for failure in self.lambda.failed_events() {
            let _ = writeln!(report, "--- event: {failure}");
        }
        report
    }
}
