//! What a stream and its shard are called. Every table's stream has one shard.

use dynoxide::{Database, errors::DynoxideError};
use jiff::Timestamp;
use serde_json::Value;

use crate::site::Site;

/// The stream that a table has at present.
pub(super) struct StreamName {
    table: String,
    /// As the engine has it: `1735689600.123456789`.
    label: String,
}

impl StreamName {
    /// By the table's physical name.
    pub(super) fn of_table(engine: &Database, table: &str) -> Option<Self> {
        let metadata = engine.get_table_metadata(table).ok().flatten().filter(|it| it.stream_enabled)?;
        Some(Self { table: table.to_owned(), label: metadata.stream_label? })
    }

    pub(super) fn arn(&self, site: &Site) -> String {
        site.arn("dynamodb", &format!("table/{}/stream/{}", self.table, public_label(&self.label)))
    }

    /// `shardId-` with when the stream was made and eight more digits, as DynamoDB's are. The engine's own would be
    /// too short for clients that check lengths.
    pub(super) fn shard(&self) -> String {
        let millis = self.label.replacen('.', "", 1);
        format!("shardId-{:0>20}-{:08x}", millis.get(..13).unwrap_or(&millis), crc32fast::hash(self.table.as_bytes()))
    }

    fn engine_arn(&self) -> String {
        dynoxide::streams::stream_arn(&self.table, &self.label)
    }
}

/// DynamoDB labels a stream with when it was made: `2025-01-01T00:00:00.123`.
pub(super) fn public_label(label: &str) -> String {
    let parts = label.split_once('.').and_then(|(seconds, fraction)| {
        let time = Timestamp::from_second(seconds.parse().ok()?).ok()?;
        Some((time, fraction.get(..3)?))
    });
    match parts {
        Some((time, millis)) => format!("{}.{millis}", time.strftime("%Y-%m-%dT%H:%M:%S")),
        None => label.to_owned(),
    }
}

/// Turns the names in a request into the engine's, which looks at the table in an ARN only: the stream that is meant
/// has to be the one that is there.
pub(super) fn read(site: &Site, engine: &Database, request: &mut Value) -> Result<(), DynoxideError> {
    for field in ["StreamArn", "ExclusiveStartStreamArn"] {
        let Some(arn) = request.get(field).and_then(Value::as_str).map(str::to_owned) else { continue };
        let table = arn.split('/').nth(1).unwrap_or_default(); // `arn:…:table/NAME/stream/LABEL`
        let stream = StreamName::of_table(engine, table).filter(|stream| stream.arn(site) == arn);
        let Some(stream) = stream else { return Err(missing(format!("Stream: {arn} not found"))) };
        request[field] = stream.engine_arn().into();
        if let Some(Value::String(shard)) = request.get_mut("ShardId") {
            if *shard != stream.shard() {
                return Err(missing(format!("Shard: {shard} in Stream: {arn} not found")));
            }
            *shard = dynoxide::streams::shard_id(table);
        }
    }
    Ok(())
}

fn missing(what: String) -> DynoxideError {
    DynoxideError::ResourceNotFoundException(format!("Requested resource not found: {what}"))
}

/// Gives the shard in the description of a stream its public name.
pub(super) fn write(engine: &Database, answer: &mut Value) {
    let Some(description) = answer.get_mut("StreamDescription") else { return };
    let table = description.get("TableName").and_then(Value::as_str);
    let Some(stream) = table.and_then(|table| StreamName::of_table(engine, table)) else { return };
    for shard in description.get_mut("Shards").and_then(Value::as_array_mut).into_iter().flatten() {
        shard["ShardId"] = stream.shard().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_called_as_dynamodb_calls_its_own() {
        let stream = StreamName { table: "shop-Order".into(), label: "1735689600.250000000".into() };
        assert_eq!(stream.shard(), "shardId-00000001735689600250-b5144a04");
        assert_eq!(public_label(&stream.label), "2025-01-01T00:00:00.250");
        assert_eq!(public_label("odd"), "odd");
    }
}
