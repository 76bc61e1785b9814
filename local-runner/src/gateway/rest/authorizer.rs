use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use regex_lite::Regex;
use serde::Serialize;
use serde_json::{Map, Value};
use skyloom_manifest::{AuthorizerOptions, Function, IdentitySource, Trigger};

use super::{event::RequestPart, question, refusal::Refusal, signed};
use crate::{
    clock::Clock,
    gateway::{
        Settings,
        remembered::Remembered,
        verdict::{Verdict, says_unauthorized},
    },
    invoke::{Invoke, InvokeError},
    policy::Decision,
};

/// An authorizer has to answer within as long as a function: it is one of the API's integrations.
const TIMEOUT: Duration = super::INTEGRATION_TIMEOUT;
/// The longest ARN of a method, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
const LONGEST_ARN: usize = 1_600;

/// The Lambda authorizers of an API: of the type `TOKEN`, which are told what is in `Authorization`, or in another header, and of the type `REQUEST`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html>
pub(super) struct Authorizers {
    invoke: Invoke,
    clock: Clock,
    asked: HashMap<String, Asked>,
    /// The policy is kept and not the decision: another method may come with the same token.
    verdicts: Remembered<Verdict>,
}

/// About what a function is asked.
enum Asked {
    /// What is in the header, where it matches.
    Token(String, Option<Regex>),
    /// The request that has all of these.
    Request(Vec<IdentitySource>),
}

/// What a function is asked about a request, and as what its answer is remembered.
struct Asking {
    question: Bytes,
    identity: String,
}

/// What an authorizer function is told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    r#type: &'static str,
    method_arn: &'a str,
    authorization_token: &'a str,
}

impl Authorizers {
    pub(super) fn new(functions: &[Function], clock: Clock, invoke: Invoke) -> Self {
        let asked = functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Authorizer { options, .. } => Some((function.name.clone(), Asked::new(options))),
            _ => None,
        });
        Self { invoke, verdicts: Remembered::new(functions, clock.clone()), asked: asked.collect(), clock }
    }

    /// Whether a caller may call the method, and the `authorizer` member for them. Without what says who calls, the function is not
    /// asked.
    pub(super) async fn ask(
        &self,
        function: &str,
        request: &RequestPart,
        site: &Settings,
        extended_request_id: &str,
    ) -> Result<(Decision, Map<String, Value>), Refusal> {
        let method_arn = request.method_arn(site);
        if method_arn.len() > LONGEST_ARN {
            return Err(Refusal::UriTooLong);
        }
        let asked = self.asked.get(function).ok_or(Refusal::AuthorizerConfiguration)?;
        let asking = match asked {
            Asked::Token(header, expression) => about_token(request, &method_arn, (header, expression.as_ref()))?,
            Asked::Request(sources) => {
                let values: Option<Vec<String>> = sources.iter().map(|it| request.identity_of(it, site)).collect();
                let values = values.ok_or(Refusal::Unauthorized)?;
                // As JSON, so that no value can pass for two.
                let identity = serde_json::to_string(&values).map_err(|_| Refusal::InternalServerError)?;
                Asking { identity, question: question::about(request, &method_arn, site, extended_request_id)? }
            }
        };
        let verdict = match self.verdicts.get(function, &asking.identity) {
            Some(verdict) => verdict,
            None => self.call(function, asking).await?,
        };
        let decision = verdict.policy.decide(&signed::access(request, site));
        Ok((decision, verdict.member))
    }

    async fn call(&self, function: &str, asking: Asking) -> Result<Verdict, Refusal> {
        let asked_at = self.clock.since_epoch();
        let answer = tokio::time::timeout(TIMEOUT, (self.invoke)(function.into(), asking.question)).await;
        let answer = answer.map_err(|_| Refusal::AuthorizerConfiguration)?.map_err(|error| refusal_of(&error))?;
        let latency = self.clock.since_epoch().saturating_sub(asked_at);
        let verdict = Verdict::read(&answer, latency).ok_or(Refusal::AuthorizerConfiguration)?;
        self.verdicts.keep(function, &asking.identity, &verdict);
        Ok(verdict)
    }
}

impl Asked {
    /// That an expression is none was said before the application was served.
    fn new(options: &AuthorizerOptions) -> Self {
        match &options.identity {
            None => {
                let expression = options.validation.as_deref().and_then(|text| Regex::new(text).ok());
                Self::Token(options.token_header().to_owned(), expression)
            }
            Some(sources) => Self::Request(sources.clone()),
        }
    }
}

fn about_token(
    request: &RequestPart,
    method_arn: &str,
    (header, expression): (&str, Option<&Regex>),
) -> Result<Asking, Refusal> {
    let token = request.header(header).filter(|token| !token.is_empty()).ok_or(Refusal::Unauthorized)?;
    if !expression.is_none_or(|expression| expression.is_match(token)) {
        return Err(Refusal::Unauthorized);
    }
    let question = Question { r#type: "TOKEN", method_arn, authorization_token: token };
    let question = serde_json::to_vec(&question).map_err(|_| Refusal::InternalServerError)?;
    Ok(Asking { question: question.into(), identity: token.to_owned() })
}

fn refusal_of(error: &InvokeError) -> Refusal {
    if says_unauthorized(error) { Refusal::Unauthorized } else { Refusal::AuthorizerConfiguration }
}
