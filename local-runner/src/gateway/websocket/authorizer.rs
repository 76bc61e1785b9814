use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};
use skyloom_manifest::{Function, IdentitySource, Trigger};

use super::{event::Question, refusal::Refusal};
use crate::{
    access::Access,
    clock::Clock,
    invoke::{Invoke, InvokeError},
    policy::{Decision, Policy},
};

/// The Lambda authorizers of a WebSocket API: of the type `REQUEST`. Their answers are not kept: each connection is asked for once.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html>
pub(super) struct Authorizers {
    /// What says who calls, by the functions' names.
    sources: BTreeMap<String, Vec<IdentitySource>>,
    clock: Clock,
    invoke: Invoke,
}

/// What an authorizer has to say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    principal_id: String,
    policy_document: Box<RawValue>,
    context: Option<Map<String, Value>>,
}

impl Authorizers {
    pub(super) fn new(functions: &[Function], clock: Clock, invoke: Invoke) -> Self {
        let sources = functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Authorizer { options, .. } => Some((function.name.clone(), options.sources())),
            _ => None,
        });
        Self { sources: sources.collect(), clock, invoke }
    }

    /// The `authorizer` member for a client who may connect. Without its identity the function is not asked.
    pub(super) async fn authorize(
        &self,
        function: &str,
        question: &Question<'_>,
    ) -> Result<Map<String, Value>, Refusal> {
        let sources = self.sources.get(function).ok_or(Refusal::InternalServerError)?;
        sources.iter().all(|source| question.has(source)).then_some(()).ok_or(Refusal::Unauthorized)?;
        let event = serde_json::to_vec(question).map(Bytes::from).map_err(|_| Refusal::InternalServerError)?;
        let asked_at = self.clock.since_epoch();
        let asked = tokio::time::timeout(super::INTEGRATION_TIMEOUT, (self.invoke)(function.into(), event)).await;
        let answer = asked.map_err(|_| Refusal::InternalServerError)?.map_err(|error| refusal_of(&error))?;
        let latency = self.clock.since_epoch().saturating_sub(asked_at);
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| Refusal::InternalServerError)?;
        let policy = Policy::parse(answer.policy_document.get()).map_err(|_| Refusal::InternalServerError)?;
        let access =
            Access { context: question.context.clone(), ..Access::new("execute-api:Invoke", &question.method_arn) };
        match policy.decide(&access) {
            Decision::Allowed => member(answer, latency).ok_or(Refusal::InternalServerError),
            Decision::ExplicitlyDenied => Err(Refusal::Denied { explicitly: true }),
            Decision::NotAllowed => Err(Refusal::Denied { explicitly: false }),
        }
    }
}

/// A function that fails with the word `Unauthorized`, and no other, refuses the client.
fn refusal_of(error: &InvokeError) -> Refusal {
    match error {
        InvokeError::Failed(error) if error.error_message == "Unauthorized" => Refusal::Unauthorized,
        _ => Refusal::InternalServerError,
    }
}

/// The context as functions get it: texts. Nothing, if it has a list or an object, which API Gateway does not take.
fn member(answer: Answer, latency: Duration) -> Option<Map<String, Value>> {
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
    Some(member)
}
