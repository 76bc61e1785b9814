use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use skyloom_manifest::{Manifest, Trigger};

use super::{
    event::{RequestContext, RequestPart},
    refusal::Refusal,
    settings::Settings,
};
use crate::{clock::Clock, invoke::Invoke};

/// An authorizer has to answer within 10 seconds.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const TIMEOUT: Duration = Duration::from_secs(10);

/// The Lambda authorizers of an API: payload format 2.0, simple responses, and the identity source
/// `$request.header.Authorization`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
pub(super) struct Authorizers {
    invoke: Invoke,
    clock: Clock,
    /// How long the answers of each function may be reused.
    lifetimes: HashMap<String, Duration>,
    /// By function and identity source, with the time since the epoch until which they hold.
    answers: Mutex<HashMap<(String, String), (Answer, Duration)>>,
}

/// What an authorizer function is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(flatten)]
    request: &'a RequestPart,
    r#type: &'static str,
    route_arn: String,
    identity_source: [&'a str; 1],
    request_context: RequestContext<'a>,
}

/// A simple response.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    is_authorized: bool,
    context: Option<Box<RawValue>>,
}

/// `requestContext.authorizer` behind an authorizer function.
#[derive(Debug, Serialize)]
pub(super) struct Authorized {
    lambda: Option<Box<RawValue>>,
}

impl Authorizers {
    pub(super) fn new(manifest: &Manifest, clock: Clock, invoke: Invoke) -> Self {
        let lifetimes = manifest.functions.iter().filter_map(|function| match function.trigger {
            Trigger::Authorizer { cache, .. } => Some((function.name.clone(), Duration::from_secs(cache.into()))),
            _ => None,
        });
        Self { invoke, clock, lifetimes: lifetimes.collect(), answers: Mutex::default() }
    }

    /// Asks the function, or remembers what it answered to the same `Authorization` not long ago.
    pub(super) async fn authorize(
        &self,
        function: &str,
        request: &RequestPart,
        site: &Settings,
    ) -> Result<Authorized, Refusal> {
        let identity = request.header("authorization").filter(|value| !value.is_empty());
        let identity = identity.ok_or(Refusal::Unauthorized(None))?;
        let answer = match self.remembered(function, identity) {
            Some(answer) => answer,
            None => self.ask(function, identity, request, site).await?,
        };
        if !answer.is_authorized {
            return Err(Refusal::Forbidden(None));
        }
        Ok(Authorized { lambda: answer.context })
    }

    async fn ask(
        &self,
        function: &str,
        identity: &str,
        request: &RequestPart,
        site: &Settings,
    ) -> Result<Answer, Refusal> {
        let event = Event {
            request,
            r#type: "REQUEST",
            route_arn: request.route_arn(site),
            identity_source: [identity],
            request_context: request.context(site, None),
        };
        let event = serde_json::to_vec(&event).map(Bytes::from).map_err(|_| Refusal::InternalServerError)?;
        let answer = tokio::time::timeout(TIMEOUT, (self.invoke)(function.into(), event)).await;
        // Whatever goes wrong, a failed function, a slow one or an answer of another shape, is the API's fault.
        let answer = answer.ok().and_then(Result::ok).ok_or(Refusal::InternalServerError)?;
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| Refusal::InternalServerError)?;
        if !answer.context.as_ref().is_none_or(|context| context.get().starts_with('{')) {
            return Err(Refusal::InternalServerError);
        }
        self.remember(function, identity, &answer);
        Ok(answer)
    }

    fn remembered(&self, function: &str, identity: &str) -> Option<Answer> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.since_epoch();
        answers.retain(|_, (_, until)| *until > now);
        answers.get(&(function.into(), identity.into())).map(|(answer, _)| answer.clone())
    }

    fn remember(&self, function: &str, identity: &str, answer: &Answer) {
        let lifetime = self.lifetimes.get(function).copied().unwrap_or_default();
        if !lifetime.is_zero() {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let until = self.clock.since_epoch() + lifetime;
            answers.insert((function.into(), identity.into()), (answer.clone(), until));
        }
    }
}

impl fmt::Debug for Authorizers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorizers").field("lifetimes", &self.lifetimes).finish_non_exhaustive()
    }
}
