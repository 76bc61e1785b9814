use bytes::Bytes;
use serde_json::{json, value::RawValue};

use super::{record::Record, window::Frame};

/// Records to deliver together, all of one shard.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// How often it failed before.
    pub(super) failures: u32,
    /// The tumbling window that it belongs to.
    pub(super) window: Option<Frame>,
}

impl Batch {
    /// The event of a function that reads this stream.
    pub(super) fn event(&self, stream_arn: &str) -> Bytes {
        let records: Vec<&str> = self.records.iter().map(|record| RawValue::get(&record.text)).collect();
        let records = records.join(",");
        let Some(Frame { shard, start, end, state, is_last, is_early }) = &self.window else {
            return format!(r#"{{"Records":[{records}]}}"#).into();
        };
        let (window, state) = (json!({ "start": start, "end": end }), state.get());
        let (shard, stream_arn) = (json!(**shard), json!(stream_arn));
        format!(
            r#"{{"Records":[{records}],"window":{window},"state":{state},"shardId":{shard},"eventSourceARN":{stream_arn},"isFinalInvokeForWindow":{is_last},"isWindowTerminatedEarly":{is_early}}}"#
        )
        .into()
    }

    pub(super) fn sequence_numbers(&self) -> Vec<&str> {
        self.records.iter().map(|record| record.sequence_number.as_str()).collect()
    }
}
