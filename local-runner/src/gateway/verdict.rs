use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{invoke::InvokeError, policy::Policy};

/// An answer of a Lambda authorizer of a REST or WebSocket API that was understood.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
#[derive(Clone)]
pub(super) struct Verdict {
    pub(super) policy: Policy,
    /// The `authorizer` member of the context that functions get.
    pub(super) member: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    principal_id: String,
    policy_document: Box<RawValue>,
    context: Option<Map<String, Value>>,
}

impl Verdict {
    /// Nothing where the answer is not one of an authorizer: a policy with a fault, or a list or an object in the context. A
    /// policy whose conditions cannot be evaluated here counts as one with a fault.
    pub(super) fn read(answer: &[u8], latency: Duration) -> Option<Self> {
        let answer: Answer = serde_json::from_slice(answer).ok()?;
        let policy = Policy::parse(answer.policy_document.get()).ok()?;
        let mut member = Map::new();
        for (name, value) in answer.context.unwrap_or_default() {
            let text = match value {
                Value::String(text) => text,
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Null => continue,
                Value::Array(_) | Value::Object(_) => return None,
            };
            member.insert(name, text.into());
        }
        member.insert("principalId".into(), answer.principal_id.into());
        member.insert("integrationLatency".into(), u64::try_from(latency.as_millis()).ok()?.into());
        Some(Self { policy, member })
    }
}

/// Whether the function failed with the word that refuses the caller, and no other.
pub(super) fn says_unauthorized(error: &InvokeError) -> bool {
    matches!(error, InvokeError::Failed(error) if error.error_message == "Unauthorized")
}
