//! Lambda's `Invoke`, of which a hook needs no more than this.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::json::{self, CallError, Service};
use crate::Scope;

static LAMBDA: Service = Service { name: "lambda", target: "", endpoint_variable: "LAMBDA" };

/// Calls a function, or a version of it, by its ARN and waits for its answer.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
pub(crate) async fn invoke<T: DeserializeOwned>(
    scope: &Scope,
    arn: &str,
    event: &impl Serialize,
) -> Result<T, CallError> {
    let path = format!("/2015-03-31/functions/{}/invocations", arn.replace(':', "%3A"));
    let answer = json::post(scope, &LAMBDA, path, event).await?;
    if answer.has_header("x-amz-function-error") {
        return Err(failure(answer.body()));
    }
    serde_json::from_slice(answer.body())
        .map_err(|error| CallError::Failed(format!("the answer is not of the expected type: {error}")))
}

/// What a function that failed says of it.
fn failure(body: &[u8]) -> CallError {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Failure {
        error_type: String,
        error_message: String,
    }
    let Failure { error_type, error_message } = serde_json::from_slice(body).unwrap_or_default();
    CallError::Refused { code: error_type, message: error_message }
}
