use serde::{Deserialize, Serialize};

use super::HookEvent;
use crate::{
    Scope,
    aws::json::{self, CallError, Service},
};

static CODE_DEPLOY: Service =
    Service { name: "codedeploy", target: "CodeDeploy_20141006", endpoint_variable: "CODEDEPLOY" };

/// How a hook ended, in CodeDeploy's words.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) enum Status {
    Succeeded,
    Failed,
}

/// Tells CodeDeploy. That it was told already, by a run of the same event that Lambda took for a failure, is fine.
///
/// <https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_PutLifecycleEventHookExecutionStatus.html>
pub(super) async fn put(event: &HookEvent, scope: &Scope, status: Status) -> Result<(), CallError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Input<'a> {
        deployment_id: &'a str,
        lifecycle_event_hook_execution_id: &'a str,
        status: Status,
    }
    #[derive(Deserialize)]
    struct Output {}
    let input = Input {
        deployment_id: &event.deployment_id,
        lifecycle_event_hook_execution_id: &event.lifecycle_event_hook_execution_id,
        status,
    };
    match json::call::<Output>(scope, &CODE_DEPLOY, "PutLifecycleEventHookExecutionStatus", &input).await {
        Ok(Output {}) => Ok(()),
        Err(CallError::Refused { code, .. }) if code == "LifecycleEventAlreadyCompletedException" => Ok(()),
        Err(error) => Err(error),
    }
}
