use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use skyloom_manifest::Function;

use super::{
    event::{RequestContext, RequestPart},
    refusal::Refusal,
    remembered::Remembered,
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
    answers: Remembered<Answer>,
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
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    stage_variables: &'a BTreeMap<String, String>,
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
    pub(super) fn new(functions: &[Function], clock: Clock, invoke: Invoke) -> Self {
        Self { invoke, answers: Remembered::new(functions, clock) }
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
        let answer = match self.answers.get(function, identity) {
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
            stage_variables: &site.variables,
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
        self.answers.keep(function, identity, &answer);
        Ok(answer)
    }
}
