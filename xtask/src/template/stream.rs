//! An event source mapping from a table's stream.
//!
//! SAM's own `DynamoDB` event would attach a managed policy that may read every stream of the account.

use serde_json::{Value, json};
use skyloom_manifest::{Function, StartingPosition, StreamTrigger};

use super::{destination, intrinsic, name, render, target};

pub(super) fn event_source(function: &Function, trigger: &StreamTrigger) -> Value {
    json!({
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": target::function_name(function),
            "EventSourceArn": intrinsic::attribute(&name::table(&trigger.table), "StreamArn"),
            "StartingPosition": match trigger.starting_position {
                StartingPosition::TrimHorizon => "TRIM_HORIZON",
                StartingPosition::Latest => "LATEST",
            },
            "BatchSize": trigger.batch_size,
            "MaximumBatchingWindowInSeconds": trigger.batch_window,
            "MaximumRetryAttempts": trigger.retries,
            "MaximumRecordAgeInSeconds": trigger.max_record_age,
            "BisectBatchOnFunctionError": trigger.bisect,
            "ParallelizationFactor": trigger.parallelization,
            "TumblingWindowInSeconds": trigger.tumbling_window,
            "DestinationConfig": trigger.on_failure.as_ref().map(destination::config),
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "FilterCriteria": filter_criteria(trigger),
        },
    })
}

fn filter_criteria(trigger: &StreamTrigger) -> Option<Value> {
    let filters: Vec<_> =
        trigger.filters.iter().map(|filter| json!({"Pattern": render::line(&filter.pattern())})).collect();
    (!filters.is_empty()).then(|| json!({"Filters": filters}))
}
