use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Context,
    iterator::ShardIterator,
    sequence::Sequence,
    shard::{self, Shard},
    stream::Stream,
};
use crate::dynamodb::wire::Failure;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    stream_arn: String,
    shard_id: String,
    shard_iterator_type: String,
    sequence_number: Option<String>,
}

pub(super) fn get_shard_iterator(context: &Context<'_>, input: Input) -> Result<Value, Failure> {
    if let Some(number) = &input.sequence_number {
        check_length(number)?;
    }
    let stream = context.find(&input.stream_arn)?;
    let shard = context.shard(&stream, &input.shard_id)?;
    let next = position(context, &stream, &shard, &input)?;
    let iterator = ShardIterator { stream: input.stream_arn, shard: shard.id, next, made: context.now };
    Ok(json!({ "ShardIterator": iterator.write() }))
}

fn position(context: &Context<'_>, stream: &Stream, shard: &Shard, input: &Input) -> Result<Sequence, Failure> {
    let number = input.sequence_number.as_deref();
    match (input.shard_iterator_type.as_str(), number) {
        ("TRIM_HORIZON" | "LATEST", Some(_)) => {
            Err(invalid("SequenceNumber should not be passed for this iterator type"))
        }
        ("TRIM_HORIZON", None) => Ok(shard.start.max(shard::horizon(context.now))),
        ("LATEST", None) if shard.is_closed => Ok(shard.end),
        ("LATEST", None) => {
            Ok(context.newest(&stream.table).map_or(shard.start, |newest| newest.next().max(shard.start)))
        }
        ("AT_SEQUENCE_NUMBER", Some(number)) => inside(context, shard, number),
        ("AFTER_SEQUENCE_NUMBER", Some(number)) => inside(context, shard, number).map(Sequence::next),
        ("AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER", None) => Err(invalid("SequenceNumber cannot be null")),
        (other, _) => Err(Failure::invalid(format!(
            "1 validation error detected: Value '{other}' at 'shardIteratorType' failed to satisfy constraint: Member \
             must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON]"
        ))),
    }
}

/// A number that a record of the shard may have, and that is not trimmed yet.
fn inside(context: &Context<'_>, shard: &Shard, number: &str) -> Result<Sequence, Failure> {
    let sequence = Sequence::parse(number).filter(|it| (shard.start..shard.end).contains(it));
    let sequence = sequence.ok_or_else(|| Failure::invalid("Invalid SequenceNumber for the shard"))?;
    if sequence < shard::horizon(context.now) {
        return Err(Failure::TrimmedData);
    }
    Ok(sequence)
}

fn check_length(number: &str) -> Result<(), Failure> {
    let bound = match number.chars().count() {
        ..21 => "greater than or equal to 21",
        21..=40 => return Ok(()),
        41.. => "less than or equal to 40",
    };
    Err(Failure::invalid(format!(
        "1 validation error detected: Value '{number}' at 'sequenceNumber' failed to satisfy constraint: \
         Member must have length {bound}"
    )))
}

fn invalid(what: &str) -> Failure {
    Failure::invalid(format!("One or more parameter values were invalid: {what}"))
}
