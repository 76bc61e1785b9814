use serde::Deserialize;
use serde_json::{Value, json};

use super::{Context, most};
use crate::dynamodb::wire::Failure;

const MOST_STREAMS: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    table_name: Option<String>,
    limit: Option<i32>,
    exclusive_start_stream_arn: Option<String>,
}

pub(super) fn list_streams(context: &Context<'_>, input: Input) -> Result<Value, Failure> {
    let limit = most(input.limit, MOST_STREAMS)?;
    let streams = context.streams(input.table_name.as_deref());
    let arns = streams.iter().map(|stream| (stream.arn(context.site), stream));
    let start = input.exclusive_start_stream_arn;
    let mut rest: Vec<_> = arns.filter(|(arn, _)| start.as_ref().is_none_or(|start| arn > start)).collect();
    let last = rest.get(limit - 1).filter(|_| rest.len() > limit).map(|(arn, _)| arn.clone());
    rest.truncate(limit);
    let listed = rest
        .iter()
        .map(|(arn, stream)| json!({ "StreamArn": arn, "TableName": stream.table, "StreamLabel": stream.label }));
    let mut answer = json!({ "Streams": listed.collect::<Vec<_>>() });
    if let Some(last) = last {
        answer["LastEvaluatedStreamArn"] = last.into();
    }
    Ok(answer)
}
