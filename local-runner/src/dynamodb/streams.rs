//! The records of a table's stream, as an event source mapping reads them.

use dynoxide::{
    Database,
    actions::{get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest},
    errors::DynoxideError,
};
use serde_json::Value;

use super::{DynamoDb, arn, stream_name::StreamName};

impl DynamoDb {
    /// The ARN of the stream of a table of the manifest, if it has one.
    pub(crate) fn stream_arn(&self, table: &str) -> Option<String> {
        Some(StreamName::of_table(&self.engine.current(), &self.site.physical_name(table))?.arn(&self.site))
    }

    /// The shard of the stream of a table of the manifest, if it has one.
    pub(crate) fn stream_shard(&self, table: &str) -> Option<String> {
        Some(StreamName::of_table(&self.engine.current(), &self.site.physical_name(table))?.shard())
    }

    /// Up to `limit` records of a table's stream, oldest first, as `GetRecords` gives them: those after the record of
    /// that sequence number, or from the oldest.
    ///
    /// # Errors
    /// What the engine says, in words.
    pub(crate) fn stream_records(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Value>, String> {
        let engine = self.engine.current();
        let table = self.site.physical_name(table);
        let mut records = read(&engine, &table, after, limit).map_err(|error| error.to_string())?;
        records.iter_mut().for_each(|record| arn::place(&self.site, record));
        Ok(records)
    }
}

fn read(db: &Database, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Value>, DynoxideError> {
    let kind = if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
    let iterator = db.get_shard_iterator(GetShardIteratorRequest {
        stream_arn: dynoxide::streams::stream_arn(table, ""),
        shard_id: dynoxide::streams::shard_id(table),
        shard_iterator_type: kind.into(),
        sequence_number: after.map(str::to_owned),
    })?;
    let shard_iterator = iterator.shard_iterator.unwrap_or_default();
    let answer = db.get_records(GetRecordsRequest { shard_iterator, limit: Some(limit) })?;
    answer.records.iter().map(|record| serde_json::to_value(record).map_err(unwritable)).collect()
}

fn unwritable(error: serde_json::Error) -> DynoxideError {
    DynoxideError::InternalServerError(error.to_string())
}
