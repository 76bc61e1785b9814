//! CodeDeploy, as far as a hook talks to it: the hook says how it ended. No traffic is shifted here.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{random::Random, site::Site};

/// What the target of its operations begins with.
pub(crate) const TARGET: &str = "CodeDeploy_20141006.";

/// The deployments of an account.
#[derive(Debug)]
pub(crate) struct CodeDeploy {
    site: Site,
    /// By the id of the hook's execution.
    executions: Mutex<BTreeMap<String, Execution>>,
}

/// A run of a hook.
#[derive(Debug)]
struct Execution {
    deployment: String,
    group: String,
    status: Option<HookStatus>,
}

/// How a hook of a deployment ended, as it told CodeDeploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HookStatus {
    /// The deployment goes on.
    Succeeded,
    /// The deployment is rolled back.
    Failed,
}

/// What CodeDeploy gives to a hook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HookEvent {
    deployment_id: String,
    pub(crate) lifecycle_event_hook_execution_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    deployment_id: Option<String>,
    lifecycle_event_hook_execution_id: Option<String>,
    status: Option<String>,
}

impl CodeDeploy {
    pub(crate) fn new(site: Site) -> Self {
        Self { site, executions: Mutex::default() }
    }

    /// Comes to a hook in a deployment of a function.
    pub(crate) fn begin(&self, function: &str, random: &Random) -> HookEvent {
        let deployment = format!("d-{}", random.text::<9>("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
        let id = random.uuid();
        let execution =
            Execution { deployment: deployment.clone(), group: group_arn(&self.site, function), status: None };
        self.executions().insert(id.clone(), execution);
        HookEvent { deployment_id: deployment, lifecycle_event_hook_execution_id: id }
    }

    /// What the hook said, if it did.
    pub(crate) fn status(&self, execution: &str) -> Option<HookStatus> {
        self.executions().get(execution)?.status
    }

    /// What IAM has to grant for a request: an action and the ARN that it is on.
    pub(crate) fn required_access(&self, target: &str, body: &[u8]) -> Option<(String, String)> {
        let input: Input = serde_json::from_slice(body).ok()?; // one that cannot be read is answered so
        let executions = self.executions();
        let execution = executions.values().find(|it| Some(&it.deployment) == input.deployment_id.as_ref())?;
        let operation = target.strip_prefix(TARGET).unwrap_or(target);
        Some((format!("codedeploy:{operation}"), execution.group.clone()))
    }

    /// Answers a request.
    ///
    /// <https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_PutLifecycleEventHookExecutionStatus.html>
    pub(crate) fn handle(&self, target: &str, body: &[u8]) -> Response<Bytes> {
        let answer = match target.strip_prefix(TARGET) {
            Some("PutLifecycleEventHookExecutionStatus") => self.put_status(body),
            _ => Err(Error::Unknown),
        };
        match answer {
            Ok(body) => respond(StatusCode::OK, &body),
            Err(error) => {
                respond(StatusCode::BAD_REQUEST, &json!({"__type": error.code(), "message": error.to_string()}))
            }
        }
    }

    fn put_status(&self, body: &[u8]) -> Result<Value, Error> {
        let input: Input = serde_json::from_slice(body).map_err(|error| Error::Malformed(error.to_string()))?;
        let deployment = input.deployment_id.ok_or(Error::DeploymentIdRequired)?;
        let mut executions = self.executions();
        if !executions.values().any(|it| it.deployment == deployment) {
            return Err(Error::DeploymentDoesNotExist(deployment));
        }
        let id = input.lifecycle_event_hook_execution_id.unwrap_or_default();
        let execution =
            executions.get_mut(&id).filter(|it| it.deployment == deployment).ok_or(Error::InvalidExecution)?;
        let status = match input.status.as_deref() {
            Some("Succeeded") => HookStatus::Succeeded,
            Some("Failed") => HookStatus::Failed,
            other => return Err(Error::InvalidStatus(other.unwrap_or_default().into())),
        };
        if execution.status.is_some() {
            return Err(Error::AlreadyCompleted);
        }
        execution.status = Some(status);
        Ok(json!({"lifecycleEventHookExecutionId": id}))
    }

    fn executions(&self) -> MutexGuard<'_, BTreeMap<String, Execution>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The deployment group of a function.
pub(crate) fn group_arn(site: &Site, function: &str) -> String {
    site.arn("codedeploy", &format!("deploymentgroup:{}/{}", site.application, site.physical_name(function)))
}

/// Why CodeDeploy says no.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("This operation of CodeDeploy is not emulated.")]
    Unknown,
    #[error("{0}")]
    Malformed(String),
    #[error("A deployment ID was not specified")]
    DeploymentIdRequired,
    #[error("The deployment {0} could not be found")]
    DeploymentDoesNotExist(String),
    #[error("The lifecycle event hook execution ID is invalid")]
    InvalidExecution,
    #[error("The lifecycle event hook execution status {0} is invalid: it is Succeeded or Failed")]
    InvalidStatus(String),
    #[error("The lifecycle event has already been completed")]
    AlreadyCompleted,
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "UnknownOperationException",
            Self::Malformed(_) => "SerializationException",
            Self::DeploymentIdRequired => "DeploymentIdRequiredException",
            Self::DeploymentDoesNotExist(_) => "DeploymentDoesNotExistException",
            Self::InvalidExecution => "InvalidLifecycleEventHookExecutionIdException",
            Self::InvalidStatus(_) => "InvalidLifecycleEventHookExecutionStatusException",
            Self::AlreadyCompleted => "LifecycleEventAlreadyCompletedException",
        }
    }
}

fn respond(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const PUT: &str = "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus";

    fn begun() -> (CodeDeploy, String, String) {
        let codedeploy = CodeDeploy::new(Site::of_test("orders"));
        let event = codedeploy.begin("list", &Random::seeded(1));
        (codedeploy, event.deployment_id, event.lifecycle_event_hook_execution_id)
    }

    fn put(codedeploy: &CodeDeploy, deployment: &str, execution: &str, status: &str) -> String {
        let body = json!({"deploymentId": deployment, "lifecycleEventHookExecutionId": execution, "status": status});
        let response = codedeploy.handle(PUT, body.to_string().as_bytes());
        format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
    }

    #[test]
    fn a_hook_says_once_how_it_ended() {
        let (codedeploy, deployment, execution) = begun();
        assert_eq!(codedeploy.status(&execution), None);
        assert!(put(&codedeploy, &deployment, &execution, "Succeeded").starts_with("200 "));
        assert_eq!(codedeploy.status(&execution), Some(HookStatus::Succeeded));
        expect![[r#"400 {"__type":"LifecycleEventAlreadyCompletedException","message":"The lifecycle event has already been completed"}"#]]
            .assert_eq(&put(&codedeploy, &deployment, &execution, "Failed"));
        assert_eq!(codedeploy.status(&execution), Some(HookStatus::Succeeded));
    }

    #[test]
    fn what_there_is_not_is_named() {
        let (codedeploy, deployment, execution) = begun();
        for (answer, code) in [
            (put(&codedeploy, "d-1", &execution, "Failed"), "DeploymentDoesNotExistException"),
            (put(&codedeploy, &deployment, "x", "Failed"), "InvalidLifecycleEventHookExecutionIdException"),
            (put(&codedeploy, &deployment, &execution, "Fine"), "InvalidLifecycleEventHookExecutionStatusException"),
        ] {
            assert!(answer.contains(code), "{answer}");
        }
        let other = codedeploy.handle("CodeDeploy_20141006.GetDeployment", b"{}");
        assert!(String::from_utf8_lossy(other.body()).contains("UnknownOperationException"));
    }

    #[test]
    fn the_permission_is_on_the_group_of_the_function() {
        let (codedeploy, deployment, _) = begun();
        let body = json!({"deploymentId": deployment}).to_string();
        let expected = (
            "codedeploy:PutLifecycleEventHookExecutionStatus".to_owned(),
            "arn:aws:codedeploy:us-east-1:000000000000:deploymentgroup:orders/orders-list".to_owned(),
        );
        assert_eq!(codedeploy.required_access(PUT, body.as_bytes()), Some(expected));
        assert_eq!(codedeploy.required_access(PUT, b"{}"), None);
    }
}
