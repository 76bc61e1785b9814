//! What is behind a method: a function, whose reply may come in parts, or something that needs none.

use std::time::Duration;

use bytes::Bytes;
use http::{Response, request::Parts};
use serde_json::Value;
use skyloom_manifest::Endpoint;

use super::{
    INTEGRATION_TIMEOUT, Shared, preflight,
    refusal::Refusal,
    reply,
    routes::{Integration, Match},
};
use crate::{
    gateway::{
        integration::{Admitted, Direct, Failure, Kind},
        streamed::{self, Answer},
    },
    invoke::InvokeError,
    streamed_body::StreamedBody,
};

impl Shared {
    /// The reply of what is behind a method.
    pub(super) async fn integrate(
        &self,
        found: &Match<'_>,
        (parts, body): (&Parts, &Bytes),
        event: Bytes,
    ) -> Result<Response<Bytes>, Refusal> {
        match found.integration() {
            Integration::Function { name, .. } if self.streaming.contains(name) => self.stream(name, event).await,
            Integration::Function { name, .. } => {
                reply::read(&self.call(name, event).await?, self.binary.wants(&parts.headers))
            }
            Integration::Direct(direct) => self.direct(direct, (parts, body), &found.parameters, &event).await,
            Integration::Preflight(cors) => Ok(preflight::answer(cors, &parts.headers)),
        }
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, Refusal> {
        let answer = tokio::time::timeout(INTEGRATION_TIMEOUT, (self.invoke)(function.into(), event)).await;
        answer.map_err(|_| Refusal::IntegrationTimeout)?.map_err(|error| refusal_of(&error))
    }

    /// The reply begins when the function has said its head; it takes as long as the function works, and never falls silent for long.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html>
    async fn stream(&self, function: &str, event: Bytes) -> Result<Response<Bytes>, Refusal> {
        let answer = streamed::invoke(&self.invoke_stream, function, event);
        let answer = tokio::time::timeout(self.stream_idle, answer).await.map_err(|_| Refusal::IntegrationTimeout)?;
        match answer.map_err(|error| refusal_of(&error))? {
            Answer::Streamed(head, body) => {
                let mut response = reply::head(head)?;
                StreamedBody::put(streamed::until_idle(body, self.stream_idle), &mut response);
                Ok(response)
            }
            Answer::Whole(_) => Err(Refusal::BadGateway), // API Gateway insists on the head
        }
    }

    /// The reply of what is no function.
    async fn direct(
        &self,
        direct: &Direct,
        sent: (&Parts, &Bytes),
        parameters: &[(String, String)],
        event: &Bytes,
    ) -> Result<Response<Bytes>, Refusal> {
        let event: Value = serde_json::from_slice(event).map_err(|_| Refusal::InternalServerError)?;
        let request = Admitted::new(Kind::Rest, sent, parameters, &event, self.random.uuid());
        let answer = direct.answer(&request, &self.services, INTEGRATION_TIMEOUT).await;
        answer.map_err(|failure| match failure {
            Failure::Internal => Refusal::InternalServerError,
            Failure::InvalidBody => Refusal::InvalidBody(Vec::new()),
            Failure::UnsupportedMediaType => Refusal::UnsupportedMediaType,
            Failure::Unreachable => Refusal::NetworkError,
            Failure::TimedOut => Refusal::IntegrationTimeout,
        })
    }
}

/// For so long a reply that comes in parts may be silent.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html#response-transfer-mode-considerations>
pub(super) const fn stream_idle(endpoint: Endpoint) -> Duration {
    match endpoint {
        Endpoint::Regional | Endpoint::Private => Duration::from_secs(300),
        Endpoint::Edge => Duration::from_secs(30),
    }
}

/// What a REST API makes of a function that gave no answer: a failure is 502; a timeout of the function's own is one, unless it
/// is as long as the API waits. Lambda's own refusal for want of concurrency is an error of configuration to it, 500.
fn refusal_of(error: &InvokeError) -> Refusal {
    match error {
        InvokeError::TimedOut { seconds, .. } if u64::from(*seconds) >= INTEGRATION_TIMEOUT.as_secs() => {
            Refusal::IntegrationTimeout
        }
        InvokeError::Failed(_) | InvokeError::TimedOut { .. } | InvokeError::Exited { .. } => Refusal::BadGateway,
        InvokeError::Throttled | InvokeError::NotFound(_) => Refusal::InternalServerError,
        InvokeError::TooLarge(_) => Refusal::RequestTooLong,
    }
}
