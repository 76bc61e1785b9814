//! A schedule of EventBridge Scheduler.
//!
//! Not a rule, which is what SAM's `Schedule` event makes: a rule knows no `at(…)`. The event is the same, a "Scheduled
//! Event"; it is written out here so that it is an object through and through (Scheduler's own has `"detail": "{}"`).

use serde_json::{Value, json};
use skyloom_manifest::{Destination, Function, Manifest};

use super::{Resources, destination, function, intrinsic, name, policy, render, target};

/// As often as Scheduler tries at most, and does when nothing is said.
const RETRIES: u32 = 185;

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, handler: &Function, expression: &str) {
    let target = target::arn(handler);
    let mut statements = vec![policy::allow(&["lambda:InvokeFunction"], target.clone())];
    let dead_letters = dead_letter_queue(handler);
    statements.extend(dead_letters.into_iter().flat_map(|it| destination::statements(manifest, it)));
    resources.add(
        name::scheduler(&handler.name),
        policy::role(policy::assumed_by_own("scheduler.amazonaws.com"), statements),
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
                    "RetryPolicy": retry_policy(handler),
                    "DeadLetterConfig": dead_letters.map(|it| json!({"Arn": destination::arn(manifest, it)})),
                },
            },
        }),
    );
}

/// Scheduler tries for a day to hand Lambda the event, which then is of that age for Lambda anew. A run that is not to come
/// late is not to come late to Lambda either.
fn retry_policy(handler: &Function) -> Option<Value> {
    let age = handler.options.event_invoke.max_age?;
    Some(json!({"MaximumEventAgeInSeconds": age, "MaximumRetryAttempts": RETRIES}))
}

/// An event that Lambda did not take ends where one ends that Lambda gave up. Scheduler knows queues only.
fn dead_letter_queue(handler: &Function) -> Option<&Destination> {
    handler.options.event_invoke.dead_letter.as_ref().filter(|it| it.service() == Some("sqs"))
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
