//! Point-in-time recovery, as it is declared: nothing is backed up here, and nothing can be restored.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use dynoxide::Database;
use serde::Deserialize;
use serde_json::{Value, json};
use skyloom_manifest::PointInTimeRecovery;

use super::{decode, operation::encode, wire::Failure};

/// How far back each table of the application can be restored, by its physical name, and since when it is open, in seconds
/// since the epoch. A table that a client made cannot be restored.
#[derive(Debug, Default)]
pub(super) struct Backups(RwLock<BTreeMap<String, (PointInTimeRecovery, u64)>>);

impl Backups {
    pub(super) fn declare(&self, table: &str, recovery: PointInTimeRecovery, now: u64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(table.to_owned(), (recovery, now));
    }

    /// The days that a table can be restored to, and since when it is open.
    fn of(&self, table: &str) -> Option<(u32, u64)> {
        match self.0.read().unwrap_or_else(PoisonError::into_inner).get(table)? {
            (PointInTimeRecovery::Off, _) => None,
            (PointInTimeRecovery::On, since) => Some((35, *since)),
            (PointInTimeRecovery::Days(days), since) => Some((*days, *since)),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Input {
    table_name: String,
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>
pub(super) fn describe(backups: &Backups, engine: &Database, now: u64, request: Value) -> Result<Vec<u8>, Failure> {
    let Input { table_name } = decode::request(request)?;
    if engine.get_table_metadata(&table_name)?.is_none() {
        return Err(Failure::TableNotFound(table_name));
    }
    let recovery = match backups.of(&table_name) {
        None => json!({ "PointInTimeRecoveryStatus": "DISABLED" }),
        Some((days, since)) => json!({
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": days,
            "EarliestRestorableDateTime": now.saturating_sub(u64::from(days) * 86_400).max(since),
            // Typically five minutes ago, as AWS says.
            "LatestRestorableDateTime": now.saturating_sub(300).max(since),
        }),
    };
    let description = json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery });
    Ok(encode(&json!({ "ContinuousBackupsDescription": description }))?)
}
