use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Context, most,
    shard::{self, Shard},
    stream::{self, Stream},
};
use crate::dynamodb::wire::Failure;

const MOST_SHARDS: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    stream_arn: String,
    limit: Option<i32>,
    exclusive_start_shard_id: Option<String>,
    shard_filter: Option<ShardFilter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ShardFilter {
    r#type: Option<String>,
    shard_id: Option<String>,
}

pub(super) fn describe_stream(context: &Context<'_>, input: Input) -> Result<Value, Failure> {
    let limit = most(input.limit, MOST_SHARDS)?;
    let stream = context.find(&input.stream_arn)?;
    let mut shards = shard::shards(&stream, context.now);
    if let Some(filter) = &input.shard_filter {
        retain(&mut shards, filter)?;
    }
    if let Some(start) = &input.exclusive_start_shard_id {
        shards.retain(|shard| shard.id > *start);
    }
    let last = shards.get(limit - 1).filter(|_| shards.len() > limit).map(|shard| shard.id.clone());
    shards.truncate(limit);
    let mut description = description(context, &stream);
    description["Shards"] = shards.iter().map(described).collect();
    if let Some(last) = last {
        description["LastEvaluatedShardId"] = last.into();
    }
    Ok(json!({ "StreamDescription": description }))
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ShardFilter.html>
fn retain(shards: &mut Vec<Shard>, filter: &ShardFilter) -> Result<(), Failure> {
    if let Some(kind) = filter.r#type.as_deref().filter(|kind| *kind != "CHILD_SHARDS") {
        return Err(Failure::invalid(format!(
            "1 validation error detected: Value '{kind}' at 'shardFilter.type' failed to satisfy constraint: \
             Member must satisfy enum value set: [CHILD_SHARDS]"
        )));
    }
    let (Some(_), Some(parent)) = (&filter.r#type, &filter.shard_id) else {
        return Err(Failure::invalid(
            "One or more parameter values were invalid: a ShardFilter needs both Type and ShardId",
        ));
    };
    shards.retain(|shard| shard.parent.as_ref() == Some(parent));
    Ok(())
}

fn description(context: &Context<'_>, stream: &Stream) -> Value {
    let key_schema = context.metadata(&stream.table).map(|it| serde_json::from_str::<Value>(&it.key_schema));
    #[expect(clippy::cast_precision_loss, reason = "a double holds milliseconds for ages")]
    let created = stream::begin(&stream.label).map_or(0.0, |begin| (begin.0 / 1_000) as f64 / 1_000.0);
    json!({
        "StreamArn": stream.arn(context.site),
        "StreamLabel": stream.label,
        "StreamStatus": if stream.end.is_some() { "DISABLED" } else { "ENABLED" },
        "StreamViewType": stream.view.as_str(),
        "CreationRequestDateTime": created,
        "TableName": stream.table,
        "KeySchema": key_schema.and_then(Result::ok).unwrap_or_else(|| json!([])),
    })
}

/// Only of a closed shard it is known where it ends.
fn described(shard: &Shard) -> Value {
    let mut described = json!({
        "ShardId": shard.id,
        "SequenceNumberRange": { "StartingSequenceNumber": shard.start.to_string() },
    });
    if shard.is_closed {
        described["SequenceNumberRange"]["EndingSequenceNumber"] = shard.end.previous().to_string().into();
    }
    if let Some(parent) = &shard.parent {
        described["ParentShardId"] = parent.as_str().into();
    }
    described
}
