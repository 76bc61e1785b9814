//! Asking a function: how long Cognito waits, how often it tries, and what it makes of the answer.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use skyloom_manifest::PoolTrigger;

use super::{event::Question, journal::Answer};
use crate::invoke::{Invoke, InvokeError};

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html#important-lambda-considerations>
const WAIT: Duration = Duration::from_secs(5);
const ATTEMPTS: usize = 3;

/// Why a function that Cognito asks lets a call fail. The words are Cognito's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The function said no, or failed.
    #[error("{} failed with error {why}.", .on.lambda_config())]
    Failed { on: PoolTrigger, why: String },
    /// It did not run, or not to its end.
    #[error("{} invocation failed due to error {why}.", .on.lambda_config())]
    NotRun { on: PoolTrigger, why: &'static str },
    /// It answered something else than it may.
    #[error("Unrecognizable lambda output")]
    Unrecognizable,
}

impl Refusal {
    /// The exception's name.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Failed { .. } => "UserLambdaValidationException",
            Self::NotRun { .. } => "UnexpectedLambdaException",
            Self::Unrecognizable => "InvalidLambdaResponseException",
        }
    }
}

impl Question {
    /// Asks the function.
    pub(super) async fn put(&self, invoke: &Invoke) -> Answer {
        let event = Bytes::from(self.event.to_string());
        for _ in 0..ATTEMPTS {
            match tokio::time::timeout(WAIT, invoke(self.function.clone(), event.clone())).await {
                Ok(Ok(answer)) => return response(&answer),
                Ok(Err(InvokeError::TimedOut { seconds, .. })) if u64::from(seconds) >= WAIT.as_secs() => {}
                Ok(Err(error)) => return Err(self.refusal(error)),
                Err(_) => {}
            }
        }
        Err(self.not_run("Socket timeout while invoking Lambda function"))
    }

    fn refusal(&self, error: InvokeError) -> Refusal {
        match error {
            InvokeError::Failed(error) => Refusal::Failed { on: self.trigger, why: error.error_message },
            InvokeError::TimedOut { .. } | InvokeError::Exited { .. } => {
                Refusal::Failed { on: self.trigger, why: error.to_string() }
            }
            InvokeError::Throttled => self.not_run("TooManyRequestsException"),
            InvokeError::TooLarge(_) => self.not_run("RequestTooLargeException"),
            InvokeError::NotFound(_) => self.not_run("ResourceNotFoundException"),
        }
    }

    fn not_run(&self, why: &'static str) -> Refusal {
        Refusal::NotRun { on: self.trigger, why }
    }
}

/// A function answers with the whole event, of which its answer is a part.
fn response(answer: &[u8]) -> Answer {
    let event: Value = serde_json::from_slice(answer).map_err(|_| Refusal::Unrecognizable)?;
    match event {
        Value::Object(mut event) => match event.remove("response") {
            Some(Value::Object(response)) => Ok(response),
            _ => Err(Refusal::Unrecognizable),
        },
        _ => Err(Refusal::Unrecognizable),
    }
}
