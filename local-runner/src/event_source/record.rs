use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json, value::RawValue};

/// A record of a stream in the form that Lambda gives it to a function.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) sequence_number: String,
    /// The id of the shard that it is in.
    pub(super) shard: Arc<str>,
    pub(super) created: SystemTime,
    /// The record's JSON; an event is made of many without writing them again.
    pub(super) text: Arc<RawValue>,
}

impl Record {
    /// From what `GetRecords` gives, which names no stream.
    pub(super) fn new(mut record: Value, stream_arn: &str, shard: String) -> Option<(Self, Value)> {
        let change = record.get_mut("dynamodb")?;
        let sequence_number = change.get("SequenceNumber")?.as_str()?.to_owned();
        let seconds = change.get("ApproximateCreationDateTime").and_then(Value::as_f64).unwrap_or_default();
        change["ApproximateCreationDateTime"] = as_written_by_lambda(seconds);
        record["eventSourceARN"] = json!(stream_arn);
        let text = serde_json::value::to_raw_value(&record).ok()?;
        let created = UNIX_EPOCH + Duration::try_from_secs_f64(seconds).unwrap_or_default();
        Some((Self { sequence_number, shard: shard.into(), created, text: text.into() }, record))
    }

    pub(super) fn size(&self) -> usize {
        self.text.get().len()
    }
}

/// Whole seconds have no fraction in Lambda's events.
fn as_written_by_lambda(seconds: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "a time in seconds fits")]
    if seconds.fract() == 0.0 { json!(seconds as i64) } else { json!(seconds) }
}

/// Which of `lanes` the changes of an item go through: always the same one, so that they stay in order.
pub(super) fn lane_of(record: &Value, lanes: u32) -> u32 {
    let keys = record.pointer("/dynamodb/Keys").map(Value::to_string).unwrap_or_default();
    // FNV-1a, which unlike the standard library's hash is the same in every build.
    let hash = keys.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % lanes.max(1)
}
