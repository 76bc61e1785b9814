//! Handlers that CodeDeploy runs while it brings in a new version of a function.
//!
//! CodeDeploy waits until a hook says how it ended, and for an hour if it never does; so what a handler returns, a panic, and the
//! approach of the function's own timeout are all told to it.

mod deployment;
mod report;

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use serde::Deserialize;
use skyloom_manifest::bridge::FunctionError;

pub use self::deployment::Deployment;
use self::report::Status;
use crate::{Error, Rejection, Scope, Trigger, reply::Answer, trigger::Outcome};

/// So long before Lambda stops the function, the hook is given up: what is left is for telling CodeDeploy.
const LEFT_FOR_TELLING: Duration = Duration::from_secs(2);

/// Marks the runs of `#[handler(hook)]`.
#[derive(Debug)]
pub struct Hook;

impl Trigger for Hook {
    type Event<'a> = HookEvent;
}

/// What CodeDeploy says to a hook.
///
/// <https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#reference-appspec-file-structure-hooks-section-structure-lambda-sample-function>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HookEvent {
    deployment_id: String,
    lifecycle_event_hook_execution_id: String,
}

/// Reads the event.
pub fn open(payload: &[u8]) -> Result<HookEvent, FunctionError> {
    serde_json::from_slice(payload).map_err(|error| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is none that CodeDeploy gives to a hook: {error}"),
    })
}

/// Without an argument the hook cannot check anything, so that it fails.
pub fn reject(rejection: Rejection) -> Result<(), Error> {
    Err(Error::from(rejection))
}

/// Whether the new version is good.
pub fn reply<R: Outcome>(reply: R) -> Result<(), Error> {
    reply.outcome()
}

/// Runs the checks and tells CodeDeploy how they ended.
///
/// Once it was told, the function itself has not failed: Lambda would run it again, and CodeDeploy takes one answer only.
pub async fn conclude(
    event: &HookEvent,
    scope: &Scope,
    checks: impl Future<Output = Result<(), Error>> + Send,
) -> Result<Answer, FunctionError> {
    let time = scope.context().remaining_time().saturating_sub(LEFT_FOR_TELLING);
    let status = match tokio::time::timeout(time, AssertUnwindSafe(checks).catch_unwind()).await {
        Ok(Ok(Ok(()))) => Status::Succeeded,
        Ok(Ok(Err(error))) => failed(&error.chain()),
        Ok(Err(_)) => failed("it panicked"),
        Err(_) => failed("it takes longer than its `timeout` lets it"),
    };
    report::put(event, scope, status).await.map(|()| Answer::Nothing).map_err(|error| {
        tracing::error!(error = %error, "CodeDeploy was not told how the hook ended");
        FunctionError { error_type: "NotReported".into(), error_message: error.to_string() }
    })
}

fn failed(why: &str) -> Status {
    tracing::error!(error = %why, "the hook failed: the deployment is rolled back");
    Status::Failed
}
