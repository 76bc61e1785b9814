//! Reading the engine's list of a table's changes, as far as it belongs to a stream or a shard.

use dynoxide::{
    actions::{
        get_records::{GetRecordsRequest, Record, UserIdentity},
        get_shard_iterator::encode_shard_iterator,
    },
    errors::DynoxideError,
    streams::shard_id,
    types::Item,
};
use serde_json::Value;

use super::{
    Context, ShardRecord, record,
    sequence::Sequence,
    shard::{self, LINEAGES, Shard},
    stream::Stream,
};

/// The engine gives no more at once.
const MOST_RECORDS: usize = 1_000;
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html>
const MOST_BYTES: usize = 1024 * 1024;

/// What to read.
pub(super) struct Span<'a> {
    pub(super) stream: &'a Stream,
    /// One shard, or else all of them together.
    pub(super) lineage: Option<u32>,
    pub(super) from: Sequence,
    /// The first number that is not to be read.
    pub(super) until: Sequence,
}

/// A record that was read.
pub(super) struct Found {
    lineage: u32,
    sequence: Sequence,
    /// In the form that Lambda hands on.
    pub(super) record: Value,
}

impl Found {
    pub(super) fn in_shard(self, stream: &Stream) -> ShardRecord {
        let shard = shard::id_of(stream, self.sequence, self.lineage);
        ShardRecord { shard, lineage: self.lineage, record: self.record }
    }
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) records: Vec<Found>,
    /// Where to read on.
    pub(super) next: Option<Sequence>,
    /// Whether there is no more at present.
    pub(super) is_last: bool,
}

impl<'a> Span<'a> {
    pub(super) fn of_shard(stream: &'a Stream, shard: &Shard, from: Sequence) -> Self {
        Self { stream, lineage: Some(shard.lineage), from: from.max(shard.start), until: shard.end }
    }

    pub(super) fn of_stream(stream: &'a Stream, from: Sequence) -> Self {
        let until = stream.end.unwrap_or(Sequence(i64::MAX));
        Self { stream, lineage: None, from: from.max(stream.start), until }
    }
}

impl Context<'_> {
    /// Up to `limit` records, and no more than DynamoDB gives at once.
    pub(super) fn read(&self, span: &Span<'_>, limit: usize) -> Result<Page, DynoxideError> {
        let partition_key = self.partition_key(&span.stream.table);
        let fetched = limit.saturating_mul(LINEAGES as usize).clamp(1, MOST_RECORDS);
        let (mut page, mut next, mut size) = (Page::default(), span.from, 0);
        while !page.is_last && page.records.len() < limit && size < MOST_BYTES {
            let records = fetch(self, &span.stream.table, next, fetched)?;
            page.is_last = records.len() < fetched;
            for record in records {
                let Some(sequence) = record::sequence(&record) else { continue };
                if sequence >= span.until {
                    page.is_last = true;
                    break;
                }
                let lineage = record::lineage(&record, &partition_key);
                let is_other = span.lineage.is_some_and(|it| it != lineage);
                if !is_other && record::is_change(&record) {
                    let record = self.attributed(record, &span.stream.table, sequence);
                    let Some((record, bytes)) = record::shown(record, span.stream, self.site) else { continue };
                    if page.records.len() == limit || size > 0 && size + bytes > MOST_BYTES {
                        page.is_last = false;
                        page.next = Some(next);
                        return Ok(page);
                    }
                    size += bytes;
                    page.records.push(Found { lineage, sequence, record });
                }
                next = sequence.next();
            }
        }
        page.next = Some(next);
        Ok(page)
    }

    /// Says of the deletion of an item that expired who did it.
    fn attributed(&self, mut record: Record, table: &str, sequence: Sequence) -> Record {
        if self.ledger.is_of_expiry(table, sequence) {
            record.user_identity = Some(UserIdentity {
                identity_type: "Service".to_owned(),
                principal_id: "dynamodb.amazonaws.com".to_owned(),
            });
        }
        record
    }

    /// Notes that DynamoDB itself deleted these items, after that record.
    pub(in crate::dynamodb) fn mark_expired(
        &self,
        table: &str,
        after: Option<Sequence>,
        keys: &[Item],
    ) -> Result<(), DynoxideError> {
        if keys.is_empty() || self.stream_of(table).is_none() {
            return Ok(());
        }
        let (mut marked, mut from) = (Vec::new(), after.map_or(Sequence(0), Sequence::next));
        loop {
            let records = fetch(self, table, from, MOST_RECORDS)?;
            let is_last = records.len() < MOST_RECORDS;
            for record in records {
                let Some(sequence) = record::sequence(&record) else { continue };
                from = sequence.next();
                if record.event_name == "REMOVE" && keys.contains(&record.dynamodb.keys) {
                    marked.push(sequence);
                }
            }
            if is_last {
                break;
            }
        }
        self.ledger.note_expired(table, marked, shard::horizon(self.now));
        Ok(())
    }

    /// The key of an item of a table.
    pub(in crate::dynamodb) fn key_of(&self, table: &str, item: &Item) -> Item {
        let schema = self.metadata(table).map(|it| it.key_schema).unwrap_or_default();
        dynoxide::streams::extract_keys(item, &schema)
    }

    fn partition_key(&self, table: &str) -> String {
        let schema = self.metadata(table).and_then(|it| serde_json::from_str::<Value>(&it.key_schema).ok());
        let partition = schema.as_ref().and_then(|schema| {
            schema.as_array()?.iter().find(|key| key["KeyType"] == "HASH")?["AttributeName"].as_str()
        });
        partition.unwrap_or_default().to_owned()
    }
}

fn fetch(context: &Context<'_>, table: &str, from: Sequence, limit: usize) -> Result<Vec<Record>, DynoxideError> {
    let shard_iterator = encode_shard_iterator(table, &shard_id(table), from.previous().0);
    Ok(context.engine.get_records(GetRecordsRequest { shard_iterator, limit: Some(limit) })?.records)
}
