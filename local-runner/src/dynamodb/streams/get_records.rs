use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Context,
    iterator::ShardIterator,
    log::{Page, Span},
    most, record,
    sequence::Sequence,
    shard::{self, Shard},
    stream::Stream,
};
use crate::dynamodb::wire::Failure;

const MOST_RECORDS: usize = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    shard_iterator: String,
    limit: Option<i32>,
}

pub(super) fn get_records(context: &Context<'_>, input: &Input) -> Result<Value, Failure> {
    let iterator = ShardIterator::read(&input.shard_iterator);
    let iterator = iterator.ok_or_else(|| Failure::invalid("Invalid ShardIterator"))?;
    let limit = most(input.limit, MOST_RECORDS)?;
    if iterator.is_expired(context.now) {
        return Err(Failure::ExpiredIterator);
    }
    let stream = context.find(&iterator.stream)?;
    let shard = context.shard(&stream, &iterator.shard)?;
    let from = untrimmed(context, &stream, &shard, iterator.next)?;
    let Page { records, next, is_last } = context.read(&Span::of_shard(&stream, &shard, from), limit)?;
    let records: Vec<_> = records.into_iter().map(|found| record::on_the_wire(found.record)).collect();
    let mut answer = json!({ "Records": records });
    if !(shard.is_closed && is_last) {
        let iterator = ShardIterator { next: next.unwrap_or(from), made: context.now, ..iterator };
        answer["NextShardIterator"] = iterator.write().into();
    }
    Ok(answer)
}

/// Where to read on, unless a record was trimmed that had to be read first.
fn untrimmed(context: &Context<'_>, stream: &Stream, shard: &Shard, next: Sequence) -> Result<Sequence, Failure> {
    let horizon = shard::horizon(context.now);
    if next >= horizon {
        return Ok(next);
    }
    let span = Span { until: horizon.min(shard.end), ..Span::of_shard(stream, shard, next) };
    if context.read(&span, 1)?.records.is_empty() { Ok(horizon) } else { Err(Failure::TrimmedData) }
}
