//! A schedule of EventBridge Scheduler.
//!
//! Not a rule, which is what SAM's `Schedule` event makes: a rule knows no `at(…)`. The event is the same, a "Scheduled
//! Event"; it is written out here so that it is an object through and through (Scheduler's own has `"detail": "{}"`).

use serde_json::json;
use skyloom_manifest::Function;

use super::{Resources, function, intrinsic, name, policy, render, target};

pub(super) fn add(resources: &mut Resources, handler: &Function, expression: &str) {
    let target = target::arn(handler);
    resources.add(
        name::scheduler(&handler.name),
        policy::role(
            policy::assumed_by_own("scheduler.amazonaws.com"),
            vec![policy::allow(&["lambda:InvokeFunction"], target.clone())],
        ),
    );
    resources.add(
        name::schedule(&handler.name),
        json!({
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "Description": handler.description.as_deref().map(function::summary),
                "ScheduleExpression": expression,
                "ScheduleExpressionTimezone": "UTC",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {
                    "Arn": target,
                    "RoleArn": intrinsic::attribute(&name::scheduler(&handler.name), "Arn"),
                    "Input": intrinsic::substitute(event()),
                },
            },
        }),
    );
}

/// What the function gets. Scheduler fills in `<aws.scheduler.…>`.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html>
fn event() -> String {
    render::line(&json!({
        "version": "0",
        "id": "<aws.scheduler.execution-id>",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "${AWS::AccountId}",
        "time": "<aws.scheduler.scheduled-time>",
        "region": "${AWS::Region}",
        "resources": ["<aws.scheduler.schedule-arn>"],
        "detail": {},
    }))
}
