use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use skyloom_manifest::{Function, IdentitySource, PayloadFormat, Trigger};

use super::{
    event::{RequestContext, RequestPart},
    format_1,
    refusal::Refusal,
    remembered::Remembered,
    settings::Settings,
    signed,
};
use crate::{
    access::Access,
    clock::Clock,
    invoke::Invoke,
    policy::{Decision, Policy},
};

/// An authorizer has to answer within 10 seconds.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const TIMEOUT: Duration = Duration::from_secs(10);

/// The Lambda authorizers of an API: payload format 2.0, with simple responses or policies, and 1.0, with policies.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
pub(super) struct Authorizers {
    invoke: Invoke,
    asked: HashMap<String, Asked>,
    answers: Remembered<Answer>,
}

/// About what a function is asked, and how it answers.
struct Asked {
    sources: Vec<IdentitySource>,
    payload: PayloadFormat,
    policy: bool,
}

/// What an authorizer function is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(flatten)]
    request: &'a RequestPart,
    r#type: &'static str,
    route_arn: &'a str,
    identity_source: Option<&'a [String]>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    stage_variables: &'a BTreeMap<String, String>,
    request_context: RequestContext<'a>,
}

/// An answer that was understood. A policy is kept and not its decision: another route may come with the same identity.
#[derive(Clone, Debug)]
enum Answer {
    Simple(Simple),
    Policy { policy: Policy, context: Option<Box<RawValue>> },
}

/// A simple response.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Simple {
    is_authorized: bool,
    context: Option<Box<RawValue>>,
}

/// A response with a policy.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WithPolicy {
    #[serde(rename = "principalId")]
    _principal_id: String,
    policy_document: Box<RawValue>,
    context: Option<Box<RawValue>>,
}

/// `requestContext.authorizer` behind an authorizer function.
#[derive(Debug, Serialize)]
pub(super) struct Authorized {
    lambda: Option<Box<RawValue>>,
}

impl Authorizers {
    pub(super) fn new(functions: &[Function], clock: Clock, invoke: Invoke) -> Self {
        let asked = functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Authorizer { options, .. } => {
                let (sources, payload) = (options.sources(), options.payload);
                Some((function.name.clone(), Asked { sources, payload, policy: options.answers_with_policy() }))
            }
            _ => None,
        });
        Self { asked: asked.collect(), invoke, answers: Remembered::new(functions, clock) }
    }

    /// Asks the function, or remembers what it answered to the same identity not long ago.
    pub(super) async fn authorize(
        &self,
        function: &str,
        request: &RequestPart,
        site: &Settings,
    ) -> Result<Authorized, Refusal> {
        let asked = self.asked.get(function).ok_or(Refusal::InternalServerError)?;
        let identity: Option<Vec<String>> = asked.sources.iter().map(|it| request.identity_of(it, site)).collect();
        let identity = identity.ok_or(Refusal::Unauthorized(None))?;
        let arn = request.route_arn(site);
        // As JSON, so that no value can pass for two.
        let key = serde_json::to_string(&identity).map_err(|_| Refusal::InternalServerError)?;
        let answer = match self.answers.get(function, &key) {
            Some(answer) => answer,
            None => {
                let event = match asked.payload {
                    PayloadFormat::Two => event(request, &arn, &identity, site)?,
                    PayloadFormat::One => {
                        let own = event(request, &arn, &identity, site)?;
                        format_1::question(&own, &arn, &identity).ok_or(Refusal::InternalServerError)?
                    }
                };
                let answer = self.ask(function, event, asked.policy).await?;
                self.answers.keep(function, &key, &answer);
                answer
            }
        };
        let context = signed::context(site, request.source_ip(), request.header("user-agent"));
        answer.decide(&Access { context: context.with_time(request.time()), ..Access::new("execute-api:Invoke", arn) })
    }

    async fn ask(&self, function: &str, event: Bytes, policy: bool) -> Result<Answer, Refusal> {
        let answer = tokio::time::timeout(TIMEOUT, (self.invoke)(function.into(), event)).await;
        // Whatever goes wrong, a failed function, a slow one or an answer of another shape, is the API's fault.
        let answer = answer.ok().and_then(Result::ok).ok_or(Refusal::InternalServerError)?;
        let answer = if policy { Answer::read_policy(&answer) } else { Answer::read_simple(&answer) };
        let answer = answer.ok_or(Refusal::InternalServerError)?;
        let has_object = answer.context().is_none_or(|context| context.get().starts_with('{'));
        if has_object { Ok(answer) } else { Err(Refusal::InternalServerError) }
    }
}

fn event(request: &RequestPart, arn: &str, identity: &[String], site: &Settings) -> Result<Bytes, Refusal> {
    let event = Event {
        request,
        r#type: "REQUEST",
        route_arn: arn,
        identity_source: (!identity.is_empty()).then_some(identity),
        stage_variables: &site.variables,
        request_context: request.context(site, None),
    };
    serde_json::to_vec(&event).map(Bytes::from).map_err(|_| Refusal::InternalServerError)
}

impl Answer {
    fn read_simple(answer: &[u8]) -> Option<Self> {
        serde_json::from_slice(answer).ok().map(Self::Simple)
    }

    fn read_policy(answer: &[u8]) -> Option<Self> {
        let WithPolicy { policy_document, context, .. } = serde_json::from_slice(answer).ok()?;
        Some(Self::Policy { policy: Policy::parse(policy_document.get()).ok()?, context })
    }

    fn context(&self) -> Option<&RawValue> {
        match self {
            Self::Simple(Simple { context, .. }) | Self::Policy { context, .. } => context.as_deref(),
        }
    }

    fn decide(self, access: &Access) -> Result<Authorized, Refusal> {
        let (is_let_in, context) = match self {
            Self::Simple(Simple { is_authorized, context }) => (is_authorized, context),
            Self::Policy { policy, context } => (policy.decide(access) == Decision::Allowed, context),
        };
        if is_let_in { Ok(Authorized { lambda: context }) } else { Err(Refusal::Forbidden(None)) }
    }
}
