//! checkov, a scanner of security policies, on what CloudFormation gets of a template.
//!
//! Some of its policies are a choice that only the application's owner can make, or cost money on every function.
//! Those are explained in the guide, and are not findings; any other is one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::environment::Environment;

const REQUIREMENTS: &str = include_str!("scanner.txt");

/// Each has its section in the guide's page on the scanner.
const EXPLAINED: [&str; 15] = [
    "CKV_AWS_18",  // access logs of buckets
    "CKV_AWS_27",  // keys of one's own: queues
    "CKV_AWS_73",  // tracing of APIs
    "CKV_AWS_76",  // access logs of APIs
    "CKV_AWS_95",  // access logs of WebSocket APIs
    "CKV_AWS_115", // reserved concurrency
    "CKV_AWS_116", // dead-letter queues
    "CKV_AWS_117", // a VPC
    "CKV_AWS_119", // keys of one's own: tables
    "CKV_AWS_120", // a cache
    "CKV_AWS_149", // secrets
    "CKV_AWS_158", // logs
    "CKV_AWS_173", // environments
    "CKV_AWS_258", // public URLs of functions
    "CKV_AWS_366", // guests of identity pools
];

/// The installed scanner.
#[derive(Debug)]
pub(super) struct Scanner {
    environment: Environment,
    /// Where the templates are.
    directory: PathBuf,
}

/// checkov's report: one for each kind of file that it knows, a list if there are several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Report {
    One(Kind),
    Several(Vec<Kind>),
}

#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    results: Results,
}

#[derive(Default, Deserialize)]
struct Results {
    passed_checks: Vec<Check>,
    failed_checks: Vec<Check>,
    #[serde(default)]
    parsing_errors: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Check {
    check_id: String,
    check_name: String,
    /// `AWS::Lambda::Function.PlaceOrder`
    resource: String,
    /// `/orders.translated.json`
    file_path: String,
}

impl Scanner {
    /// Installs it below the directory, unless it is there.
    pub(super) fn install(directory: &Path) -> Result<Self> {
        let environment = Environment::new(directory.join("scanner"), REQUIREMENTS);
        environment.install("the policy scanner")?;
        Ok(Self { environment, directory: directory.to_owned() })
    }

    /// What it finds in each of those files, templates that SAM has translated, that the guide does not explain.
    pub(super) fn scan(&self, templates: &[String]) -> Result<BTreeMap<String, Vec<String>>> {
        if templates.is_empty() {
            return Ok(BTreeMap::new());
        }
        let results = self.results(templates)?;
        ensure!(results.parsing_errors.is_empty(), "checkov cannot read {:?}", results.parsing_errors);
        let read: BTreeSet<_> = results.passed_checks.iter().chain(&results.failed_checks).map(file_name).collect();
        let mut found = BTreeMap::new();
        for template in templates {
            ensure!(read.contains(template.as_str()), "checkov found nothing to examine in {template}");
            let of_template = results.failed_checks.iter().filter(|check| file_name(check) == template);
            found.insert(template.clone(), of_template.filter(|check| !is_explained(check)).map(sentence).collect());
        }
        Ok(found)
    }

    /// Its report. The files are named without their folder: checkov takes a long path of its own for a secret access key.
    fn results(&self, templates: &[String]) -> Result<Results> {
        let mut command = self.environment.program("checkov");
        command.args(["--framework", "cloudformation", "--output", "json", "--compact"]);
        command.args(["--skip-download", "--soft-fail", "--file"]).args(templates).current_dir(&self.directory);
        let output = command.stderr(Stdio::inherit()).output().context("cannot start checkov")?;
        ensure!(
            output.status.success(),
            "checkov failed; remove {} to install it anew",
            self.environment.venv().display()
        );
        let report = serde_json::from_slice(&output.stdout).context("cannot read what checkov found")?;
        Ok(match report {
            Report::One(kind) => kind.results,
            Report::Several(kinds) => kinds.into_iter().fold(Results::default(), |all, kind| all.and(kind.results)),
        })
    }
}

impl Results {
    fn and(mut self, other: Self) -> Self {
        self.passed_checks.extend(other.passed_checks);
        self.failed_checks.extend(other.failed_checks);
        self.parsing_errors.extend(other.parsing_errors);
        self
    }
}

fn file_name(check: &Check) -> &str {
    check.file_path.rsplit('/').next().unwrap_or_default()
}

fn is_explained(check: &Check) -> bool {
    EXPLAINED.contains(&check.check_id.as_str())
}

fn sentence(check: &Check) -> String {
    let resource = check.resource.rsplit('.').next().unwrap_or_default();
    format!("checkov {} on {resource}: {}", check.check_id, check.check_name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::EXPLAINED;

    #[test]
    fn the_guide_explains_each_policy_that_is_no_finding_and_no_other() {
        let page = include_str!("../../../docs/src/scanner.md");
        let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
        let explained: BTreeSet<_> = headings.filter_map(|heading| heading.split(':').next()).collect();
        let explained: BTreeSet<_> = explained.into_iter().filter(|id| id.starts_with("CKV")).collect();
        assert_eq!(explained, BTreeSet::from(EXPLAINED));
    }
}
