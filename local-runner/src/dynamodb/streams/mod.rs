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

/// A shard of a table's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StreamShard {
    /// `shardId-…`.
    pub(crate) id: String,
    /// The shard that has to be read before this one; it may be trimmed already.
    pub(crate) parent: Option<String>,
    /// Whether no more records come into it.
    pub(crate) is_closed: bool,
}

impl DynamoDb {
    /// The ARN of the stream of a table of the manifest, if it has one.
    pub(crate) fn stream_arn(&self, table: &str) -> Option<String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        Some(context.stream_of(&self.site.physical_name(table))?.arn(&self.site))
    }

    /// Up to `limit` records of all shards of a table's stream, oldest first, as Lambda gives them: those after the
    /// record of that sequence number, or from the oldest. There are fewer only where the stream ends.
    ///
    /// # Errors
    /// What the engine says, in words.
    pub(crate) fn stream_records(&self, table: &str, after: Option<&str>, limit: usize) -> Result<Vec<Value>, String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        let stream = context.present(&self.site.physical_name(table))?;
        context.all_after(&Span::of_stream(&stream, context.from(after)), limit)
    }

    /// The shards of a table's stream, parents before children.
    ///
    /// # Errors
    /// When the table has no stream.
    pub(crate) fn stream_shards(&self, table: &str) -> Result<Vec<StreamShard>, String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        let stream = context.present(&self.site.physical_name(table))?;
        let shards = shard::shards(&stream, context.now).into_iter();
        Ok(shards.map(|Shard { id, parent, is_closed, .. }| StreamShard { id, parent, is_closed }).collect())
    }

    /// As [`stream_records`](Self::stream_records), of one shard.
    ///
    /// # Errors
    /// When there is no such shard, or what the engine says.
    #[cfg_attr(not(test), expect(dead_code, reason = "event sources do not read by shards yet"))]
    pub(crate) fn shard_records(
        &self,
        table: &str,
        shard: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Value>, String> {
        let engine = self.engine.current();
        let context = self.context(&engine);
        let stream = context.present(&self.site.physical_name(table))?;
        let shard = context.shard(&stream, shard).map_err(|error| error.to_string())?;
        context.all_after(&Span::of_shard(&stream, &shard, context.from(after)), limit)
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

    fn present(&self, table: &str) -> Result<Stream, String> {
        self.stream_of(table).ok_or_else(|| format!("the table `{table}` has no stream"))
    }

    /// After that record, but not before what is left of the stream.
    fn from(&self, after: Option<&str>) -> Sequence {
        let from = after.and_then(Sequence::parse).map_or(Sequence(0), Sequence::next);
        from.max(shard::horizon(self.now))
    }

    /// Reads over the limit that DynamoDB has for one answer.
    fn all_after(&self, span: &Span<'_>, limit: usize) -> Result<Vec<Value>, String> {
        let mut records = Vec::new();
        let mut from = span.from;
        while records.len() < limit {
            let rest = Span { from, ..*span };
            let page = self.read(&rest, limit - records.len()).map_err(|error| error.to_string())?;
            records.extend(page.records);
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
