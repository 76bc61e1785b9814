//! The alarms of a function: what went wrong, what was turned away, and a stream that it cannot keep up with.

use serde_json::{Value, json};
use skyloom_manifest::{Function, Trigger};

use super::{Resources, intrinsic, name, target};
use crate::stage::Stage;

/// How often alarms look, in seconds.
const PERIOD: u32 = 300;
/// From this age of its last record on a stream is late, in milliseconds. Records are lost after a day.
const LATE: u32 = 15 * 60 * 1_000;

struct Alarm {
    /// The metric of `AWS/Lambda`, and the part of the alarm's id.
    /// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html>
    metric: &'static str,
    statistic: &'static str,
    threshold: u32,
    says: &'static str,
}

const ERRORS: Alarm = Alarm { metric: "Errors", statistic: "Sum", threshold: 1, says: "an invocation failed" };
const THROTTLES: Alarm =
    Alarm { metric: "Throttles", statistic: "Sum", threshold: 1, says: "an invocation was turned away" };
const ITERATOR_AGE: Alarm = Alarm {
    metric: "IteratorAge",
    statistic: "Maximum",
    threshold: LATE,
    says: "a change of the table waits for more than 15 minutes; it is lost after 24 hours",
};

/// Adds the function's alarms, unless the stage has none.
pub(super) fn add(resources: &mut Resources, function: &Function, stage: &Stage) {
    if !stage.settings.alarms.unwrap_or(true) {
        return;
    }
    let of_stream = matches!(function.trigger, Trigger::Stream(_)).then_some(&ITERATOR_AGE);
    for alarm in [&ERRORS, &THROTTLES].into_iter().chain(of_stream) {
        resources.add(name::alarm(&function.name, alarm.metric), properties(function, alarm, stage));
    }
}

/// The alarm that takes a deployment back: it looks at the new version, as the alias calls it while it calls both. One that looked at
/// the function would hold back the new version for the errors of the old one, which it may be there to end.
pub(super) fn of_new_version(function: &Function, stage: &Stage) -> Value {
    let id = name::function(&function.name);
    let mut alarm = properties(function, &ERRORS, stage);
    let properties = &mut alarm["Properties"];
    properties["AlarmDescription"] =
        format!("{}: an invocation of the version that is being deployed failed", function.name).into();
    properties["Period"] = 60.into();
    let alias = intrinsic::substitute(format!("${{{id}}}:{}", target::ALIAS));
    let version = intrinsic::attribute(&format!("{id}.Version"), "Version");
    let dimensions = [("FunctionName", intrinsic::reference(&id)), ("Resource", alias), ("ExecutedVersion", version)];
    properties["Dimensions"] = dimensions.map(|(name, value)| json!({"Name": name, "Value": value})).to_vec().into();
    alarm
}

fn properties(function: &Function, alarm: &Alarm, stage: &Stage) -> Value {
    let topic = stage.settings.alarms_topic.as_ref().map(|arn| [arn]);
    json!({
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": format!("{}: {}", function.name, alarm.says),
            "Namespace": "AWS/Lambda",
            "MetricName": alarm.metric,
            "Dimensions": [{"Name": "FunctionName", "Value": intrinsic::reference(&name::function(&function.name))}],
            "Statistic": alarm.statistic,
            "Period": PERIOD,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": alarm.threshold,
            "TreatMissingData": "notBreaching",
            "AlarmActions": topic,
            "OKActions": topic,
        },
    })
}
