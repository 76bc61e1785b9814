use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use skyloom_manifest::Function;

use super::refusal::Refusal;
use crate::{
    access::Access,
    clock::Clock,
    gateway::remembered::Remembered,
    invoke::{Invoke, InvokeError},
    policy::{Decision, Policy},
};

/// An authorizer has to answer within as long as a function: it is one of the API's integrations.
const TIMEOUT: Duration = super::INTEGRATION_TIMEOUT;
/// The longest ARN of a method, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
const LONGEST_ARN: usize = 1_600;

/// The Lambda authorizers of an API, of the type `TOKEN` with the identity source `method.request.header.Authorization`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html>
pub(super) struct Authorizers {
    invoke: Invoke,
    clock: Clock,
    verdicts: Remembered<Verdict>,
}

/// What an authorizer function is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    r#type: &'static str,
    method_arn: &'a str,
    authorization_token: &'a str,
}

/// What it has to say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    principal_id: String,
    policy_document: Box<RawValue>,
    context: Option<Map<String, Value>>,
}

/// An answer that was understood. The policy is kept and not the decision: another method may come with the same token.
#[derive(Clone)]
struct Verdict {
    policy: Policy,
    member: Map<String, Value>,
}

impl Authorizers {
    pub(super) fn new(functions: &[Function], clock: Clock, invoke: Invoke) -> Self {
        Self { invoke, verdicts: Remembered::new(functions, clock.clone()), clock }
    }

    /// The `authorizer` member for a caller who may call the method. Without a token the function is not asked.
    pub(super) async fn authorize(
        &self,
        function: &str,
        token: Option<&str>,
        method_arn: &str,
    ) -> Result<Map<String, Value>, Refusal> {
        if method_arn.len() > LONGEST_ARN {
            return Err(Refusal::UriTooLong);
        }
        let token = token.filter(|token| !token.is_empty()).ok_or(Refusal::Unauthorized)?;
        let verdict = match self.verdicts.get(function, token) {
            Some(verdict) => verdict,
            None => self.ask(function, token, method_arn).await?,
        };
        match verdict.policy.decide(&Access::new("execute-api:Invoke", method_arn)) {
            Decision::Allowed => Ok(verdict.member),
            Decision::ExplicitlyDenied => Err(Refusal::Denied { explicitly: true }),
            Decision::NotAllowed => Err(Refusal::Denied { explicitly: false }),
        }
    }

    async fn ask(&self, function: &str, token: &str, method_arn: &str) -> Result<Verdict, Refusal> {
        let question = Question { r#type: "TOKEN", method_arn, authorization_token: token };
        let question = serde_json::to_vec(&question).map_err(|_| Refusal::InternalServerError)?;
        let asked_at = self.clock.since_epoch();
        let answer = tokio::time::timeout(TIMEOUT, (self.invoke)(function.into(), Bytes::from(question))).await;
        let answer = answer.map_err(|_| Refusal::AuthorizerConfiguration)?.map_err(|error| refusal_of(&error))?;
        let latency = self.clock.since_epoch().saturating_sub(asked_at);
        let verdict = Verdict::read(&answer, latency).ok_or(Refusal::AuthorizerConfiguration)?;
        self.verdicts.keep(function, token, &verdict);
        Ok(verdict)
    }
}

/// A function that fails with the word `Unauthorized`, and no other, refuses the caller.
fn refusal_of(error: &InvokeError) -> Refusal {
    match error {
        InvokeError::Failed(error) if error.error_message == "Unauthorized" => Refusal::Unauthorized,
        _ => Refusal::AuthorizerConfiguration,
    }
}

impl Verdict {
    /// Nothing where the answer is not one of an authorizer: a policy with a fault, or a list or an object in the context. A
    /// policy whose conditions cannot be evaluated here counts as one with a fault.
    fn read(answer: &[u8], latency: Duration) -> Option<Self> {
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
