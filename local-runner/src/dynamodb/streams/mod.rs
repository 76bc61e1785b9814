//! DynamoDB Streams, made of the engine's list of changes.
//!
//! The engine keeps one endless list for each table. A stream and its shards are views of that: which records are in a
//! shard follows from the time at which the stream began, from the record's partition key, and from its sequence
//! number. So nothing has to happen when a shard is closed or trimmed, and nothing is kept of it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>

mod describe_stream;
mod get_records;
mod get_shard_iterator;
mod iterator;
mod ledger;
mod list_streams;
mod log;
mod record;
mod sequence;
mod shard;
pub(super) mod specification;
mod stream;

use dynoxide::Database;
use serde_json::Value;

pub(super) use self::{iterator::stream_of_iterator, ledger::Ledger, stream::public_label};
use self::{log::Span, sequence::Sequence, shard::Shard, stream::Stream};
use super::{DynamoDb, backups::Backups, decode, operation::Operation, wire::Failure};
use crate::site::Site;

/// All that an operation on streams needs to know.
pub(super) struct Context<'a> {
    engine: &'a Database,
    site: &'a Site,
    ledger: &'a Ledger,
    backups: &'a Backups,
    now: Sequence,
}

/// A record of a table's stream, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShardRecord {
    /// `shardId-…`.
    pub(crate) shard: String,
    /// Which of the stream's chains of shards that one is in, each the successor of the one before. The changes of an item
    /// are all in one chain.
    pub(crate) lineage: u32,
    /// The record as `GetRecords` gives it, but in the letters that Lambda writes it with.
    pub(crate) record: Value,
}

impl DynamoDb {
    /// The ARN of the stream of a table of the manifest, if it has one.
    pub(crate) fn stream_arn(&self, table: &str) -> Option<String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        Some(context.stream_of(&self.site.physical_name(table))?.arn(&self.site))
    }

    /// Into how many chains of shards a stream is divided.
    pub(crate) const fn stream_lineages() -> u32 {
        shard::LINEAGES
    }

    /// Up to `limit` records of all shards of a table's stream, oldest first: those after the record of that sequence
    /// number, or from the oldest. There are fewer only where the stream ends.
    ///
    /// # Errors
    /// What the engine says, in words.
    pub(crate) fn stream_records(
        &self,
        table: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ShardRecord>, String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        let table = self.site.physical_name(table);
        let stream = context.stream_of(&table).ok_or_else(|| format!("the table `{table}` has no stream"))?;
        context.all_after(&Span::of_stream(&stream, context.from(after)), limit)
    }

    pub(super) fn context<'a>(&'a self, engine: &'a Database) -> Context<'a> {
        let now = self.engine.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let Self { site, ledger, backups, .. } = self;
        Context { engine, site, ledger, backups, now: Sequence::at(now) }
    }
}

/// Runs an operation of the streams' service.
pub(super) fn run(context: &Context<'_>, operation: Operation, request: Value) -> Result<Vec<u8>, Failure> {
    let answer = match operation {
        Operation::DescribeStream => describe_stream::describe_stream(context, decode::request(request)?),
        Operation::GetRecords => get_records::get_records(context, &decode::request(request)?),
        Operation::GetShardIterator => get_shard_iterator::get_shard_iterator(context, decode::request(request)?),
        Operation::ListStreams => list_streams::list_streams(context, decode::request(request)?),
        _ => Err(Failure::UnknownOperation),
    };
    Ok(super::operation::encode(&answer?)?)
}

impl<'a> Context<'a> {
    pub(super) fn engine(&self) -> &'a Database {
        self.engine
    }

    pub(super) fn site(&self) -> &'a Site {
        self.site
    }

    /// Seconds since the epoch.
    pub(super) fn now(&self) -> u64 {
        self.now.seconds()
    }

    pub(super) fn backups(&self) -> &'a Backups {
        self.backups
    }

    /// # Errors
    /// When there is no such shard, or no longer, in DynamoDB's words.
    fn shard(&self, stream: &Stream, id: &str) -> Result<Shard, Failure> {
        let found = shard::shards(stream, self.now).into_iter().find(|shard| shard.id == id);
        found.ok_or_else(|| stream::missing(&format!("Shard: {id} in Stream: {} not found", stream.arn(self.site))))
    }

    /// After that record, but not before what is left of the stream.
    fn from(&self, after: Option<&str>) -> Sequence {
        let from = after.and_then(Sequence::parse).map_or(Sequence(0), Sequence::next);
        from.max(shard::horizon(self.now))
    }

    /// Reads over the limit that DynamoDB has for one answer.
    fn all_after(&self, span: &Span<'_>, limit: usize) -> Result<Vec<ShardRecord>, String> {
        let mut records = Vec::new();
        let mut from = span.from;
        while records.len() < limit {
            let rest = Span { from, ..*span };
            let page = self.read(&rest, limit - records.len()).map_err(|error| error.to_string())?;
            records.extend(page.records.into_iter().map(|found| found.in_shard(span.stream)));
            from = page.next.unwrap_or(from);
            if page.is_last {
                break;
            }
        }
        Ok(records)
    }
}

/// The `Limit` of a request.
fn most(limit: Option<i32>, most: usize) -> Result<usize, Failure> {
    let Some(limit) = limit else { return Ok(most) };
    match usize::try_from(limit) {
        Ok(limit) if limit > most => Err(Failure::invalid(format!(
            "One or more parameter values were invalid: Limit should be less than or equal to {most}"
        ))),
        Ok(limit @ 1..) => Ok(limit),
        _ => Err(Failure::invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: \
             Member must have value greater than or equal to 1"
        ))),
    }
}
