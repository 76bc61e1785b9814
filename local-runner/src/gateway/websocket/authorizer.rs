use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value};
use skyloom_manifest::{Function, IdentitySource, Trigger};

use super::{event::Question, refusal::Refusal};
use crate::{
    access::Access,
    clock::Clock,
    gateway::verdict::{Verdict, says_unauthorized},
    invoke::{Invoke, InvokeError},
    policy::Decision,
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
        let verdict = Verdict::read(&answer, latency).ok_or(Refusal::InternalServerError)?;
        let access =
            Access { context: question.context.clone(), ..Access::new("execute-api:Invoke", &question.method_arn) };
        match verdict.policy.decide(&access) {
            Decision::Allowed => Ok(verdict.member),
            Decision::ExplicitlyDenied => Err(Refusal::Denied { explicitly: true }),
            Decision::NotAllowed => Err(Refusal::Denied { explicitly: false }),
        }
    }
}

fn refusal_of(error: &InvokeError) -> Refusal {
    if says_unauthorized(error) { Refusal::Unauthorized } else { Refusal::InternalServerError }
}
