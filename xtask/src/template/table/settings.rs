//! How a table is run, in the parts that a table of one region and a replica have in common.

use serde_json::{Value, json};
use skyloom_manifest::{
    ContributorInsights, KinesisDestination, PointInTimeRecovery, TableClass, TableOptions, Throughput,
};

use crate::template::intrinsic;

pub(super) fn billing_mode(throughput: Throughput) -> &'static str {
    match throughput {
        Throughput::OnDemand { .. } => "PAY_PER_REQUEST",
        Throughput::Provisioned { .. } => "PROVISIONED",
    }
}

pub(super) fn recovery(recovery: PointInTimeRecovery) -> Value {
    let (enabled, days) = match recovery {
        PointInTimeRecovery::Off => (false, None),
        PointInTimeRecovery::On => (true, None),
        PointInTimeRecovery::Days(days) => (true, Some(days)),
    };
    json!({"PointInTimeRecoveryEnabled": enabled, "RecoveryPeriodInDays": days})
}

pub(super) fn class(class: TableClass) -> Option<&'static str> {
    (class != TableClass::default()).then_some(class.as_str())
}

pub(super) fn deletion_protection(options: &TableOptions) -> Option<bool> {
    options.deletion_protection.then_some(true)
}

pub(super) fn tags(options: &TableOptions) -> Option<Value> {
    let tags: Vec<_> = options.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    (!tags.is_empty()).then(|| tags.into())
}

pub(super) fn insights(insights: Option<ContributorInsights>) -> Option<Value> {
    insights.map(|keys| json!({"Enabled": true, "Mode": keys.as_str()}))
}

pub(super) fn kinesis(kinesis: &KinesisDestination) -> Value {
    json!({
        "StreamArn": intrinsic::substitute(&kinesis.stream),
        "ApproximateCreationDateTimePrecision": kinesis.precision.as_str(),
    })
}
