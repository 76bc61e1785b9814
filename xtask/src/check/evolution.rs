//! What a change of the declarations does to the data that is stored already.
//!
//! The manifest that is checked in says how the tables are; the application says how they shall be. Most of what lies
//! between cannot be done to a table in place: DynamoDB makes another one, empty, or refuses. It is the same with user pools.

mod finding;
mod index;
mod item;
mod table;
mod user_pool;

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use skyloom_manifest::Manifest;

pub(super) use self::finding::{Finding, Severity};

/// What stands between the manifest beside the `Cargo.toml` and this one; nothing if none is checked in.
pub(super) fn since_checked_in(directory: &Path, manifest: &Manifest) -> Result<Vec<Finding>> {
    let path = directory.join("manifest.json");
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.with_context(|| format!("cannot read {}", path.display()))?,
    };
    match serde_json::from_str(&text) {
        Ok(before) => Ok(compare(&before, manifest)),
        Err(error) => {
            eprintln!("{} is of another version, so that what changed since is not known: {error}", path.display());
            Ok(Vec::new())
        }
    }
}

/// Prints each finding.
pub(super) fn report(findings: &[Finding]) {
    for finding in findings {
        eprintln!("{finding}");
    }
}

/// Refuses to make a manifest the new standard with which stored data could no longer be used, or that AWS does not take.
pub(super) fn refuse(findings: &[Finding], package: &str) -> Result<()> {
    let count = findings.iter().filter(|finding| finding.severity.endangers_data()).count();
    ensure!(
        count == 0,
        "{count} of the changes would leave stored data behind, so that nothing was written: undo them, or run \
         `cargo xtask check -p {package} --update --accept-data-changes`"
    );
    let count = findings.iter().filter(|finding| finding.severity == Severity::Refused).count();
    ensure!(
        count == 0,
        "{count} of the changes are refused where the application is deployed, so that nothing was written: undo them, or run \
         `cargo xtask check -p {package} --update --accept-data-changes` if it never was"
    );
    Ok(())
}

fn compare(before: &Manifest, after: &Manifest) -> Vec<Finding> {
    let mut findings = Vec::new();
    for old in &before.tables {
        match after.table(&old.name) {
            Some(new) => table::compare(old, new, &mut findings),
            None => findings.push(table::removed(old, before, after)),
        }
    }
    for old in &before.user_pools {
        match after.user_pool(&old.name) {
            Some(new) => user_pool::compare(old, new, &mut findings),
            None => findings.push(user_pool::removed(old, before, after)),
        }
    }
    findings
}

#[cfg(test)]
mod tests;
