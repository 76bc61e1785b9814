//! What Lambda does with events that nobody waits for: how often and how long it tries them, and whom it tells.

use serde_json::{Value, json};
use skyloom_manifest::{Destination, EventInvoke, Function, Manifest};

use super::destination;

/// `EventInvokeConfig`: SAM makes it of the function, or of its alias where there is one.
pub(super) fn config(manifest: &Manifest, function: &Function) -> Option<Value> {
    let EventInvoke { retries, max_age, on_failure, on_success, dead_letter: _ } = &function.options.event_invoke;
    let says_something = retries.is_some() || max_age.is_some() || on_failure.is_some() || on_success.is_some();
    let destinations = json!({
        "OnFailure": on_failure.as_ref().map(|it| told(manifest, it)),
        "OnSuccess": on_success.as_ref().map(|it| told(manifest, it)),
    });
    says_something.then(|| {
        json!({
            "MaximumEventAgeInSeconds": max_age,
            "MaximumRetryAttempts": retries,
            "DestinationConfig": (on_failure.is_some() || on_success.is_some()).then_some(destinations),
        })
    })
}

/// `DeadLetterQueue`
pub(super) fn dead_letter_queue(manifest: &Manifest, function: &Function) -> Option<Value> {
    let destination = function.options.event_invoke.dead_letter.as_ref()?;
    Some(json!({"Type": kind(destination), "TargetArn": destination::arn(manifest, destination)}))
}

fn told(manifest: &Manifest, destination: &Destination) -> Value {
    json!({"Type": kind(destination), "Destination": destination::arn(manifest, destination)})
}

/// SAM's name for the kind of a destination.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-onfailure.html>
fn kind(destination: &Destination) -> Option<&'static str> {
    match destination.service()? {
        "sqs" => Some("SQS"),
        "sns" => Some("SNS"),
        "s3" => Some("S3Bucket"),
        "lambda" => Some("Lambda"),
        _ => None,
    }
}
