//! A question of Cognito's, which is answered by itself with the response filled in.

use std::{borrow::Cow, collections::BTreeMap, marker::PhantomData, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use skyloom_manifest::{PoolEventVersion, bridge::FunctionError};

use super::{event::Header, on, reply::PoolReply};
use crate::{Error, Rejection, Trigger, http::event_pairs, reply::Answer};

/// Marks the questions of the pool `P` on the occasion `R`.
#[derive(Debug)]
pub struct OfPool<P, R>(PhantomData<fn() -> (P, R)>);

impl<P: 'static, R: 'static> Trigger for OfPool<P, R> {
    type Event<'a> = PoolCall<'a>;
}

/// A question of Cognito's.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html#cognito-user-pools-lambda-trigger-event-parameter-shared>
#[derive(Debug)]
pub struct PoolCall<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl PoolCall<'_> {
    pub(super) fn header(&self) -> Result<Header, Rejection> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct CallerContext {
            client_id: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Common<'r> {
            #[serde(borrow, default)]
            user_attributes: Option<&'r RawValue>,
            #[serde(borrow, default)]
            client_metadata: Option<&'r RawValue>,
        }
        let common: Common<'_> = self.part("request")?;
        Ok(Header {
            trigger_source: self.part("triggerSource")?,
            user_pool_id: self.part("userPoolId")?,
            username: self.part::<Option<String>>("userName")?.unwrap_or_default(),
            client_id: self.part::<CallerContext>("callerContext")?.client_id.unwrap_or_default(),
            attributes: texts(common.user_attributes)?,
            client_metadata: texts(common.client_metadata)?,
        })
    }

    pub(super) fn request<R: DeserializeOwned>(&self) -> Result<R, Rejection> {
        self.part("request")
    }

    fn part<'s, T: Deserialize<'s>>(&'s self, name: &str) -> Result<T, Rejection> {
        let json = self.0.get(name).map_or("null", |part| part.get());
        serde_json::from_str(json)
            .map_err(|error| Rejection::Internal(format!("`{name}` of Cognito's event: {error}").into()))
    }

    /// The event as it came, and the response in it.
    fn answered(&self, response: &Value) -> Result<Answer, serde_json::Error> {
        let response = serde_json::value::to_raw_value(response)?;
        let mut parts: BTreeMap<&str, &RawValue> = self.0.iter().map(|(name, part)| (name.as_ref(), *part)).collect();
        parts.insert("response", &response);
        Answer::json(&parts)
    }
}

/// An object of texts, which may be missing.
fn texts(raw: Option<&RawValue>) -> Result<BTreeMap<String, String>, Rejection> {
    let Some(raw) = raw else { return Ok(BTreeMap::new()) };
    Ok(event_pairs(raw)?.into_iter().map(|(name, text)| (name.into_owned(), text.into_owned())).collect())
}

/// Reads the event.
pub fn open(payload: &[u8]) -> Result<PoolCall<'_>, FunctionError> {
    let invalid = |error: &dyn std::fmt::Display| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is no question of a user pool: {error}"),
    };
    let call = serde_json::from_slice(payload).map(PoolCall).map_err(|error| invalid(&error))?;
    match ["triggerSource", "request"].into_iter().find(|part| !call.0.contains_key(*part)) {
        Some(missing) => Err(invalid(&format!("it has no `{missing}`"))),
        None => Ok(call),
    }
}

/// Without an argument the handler cannot say anything, so that Cognito refuses its client.
pub fn reject(rejection: Rejection) -> Result<Value, Error> {
    Err(Error::from(rejection))
}

/// What the handler says.
pub fn reply<R, A: PoolReply<R>>(reply: A) -> Result<Value, Error> {
    reply.response()
}

/// The event that a handler wants which answers so.
pub const fn version<A: PoolReply<on::PreTokenGeneration>>() -> PoolEventVersion {
    A::VERSION
}

/// Answers Cognito, which hands the text of an error on to its client: what a handler's error was made of, and what a panic says,
/// stays in the log.
pub async fn conclude(
    call: &PoolCall<'_>,
    answer: impl Future<Output = Result<Value, Error>> + Send,
) -> Result<Answer, FunctionError> {
    let failure = |kind: &str, message: &str| FunctionError { error_type: kind.into(), error_message: message.into() };
    match AssertUnwindSafe(answer).catch_unwind().await {
        Ok(Ok(response)) => call.answered(&response).map_err(|error| failure("InvalidAnswer", &error.to_string())),
        Ok(Err(error)) => {
            tracing::error!(error = %error.chain(), "Cognito's client is refused");
            Err(failure("Refused", error.detail().unwrap_or("internal error")))
        }
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().copied();
            let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default();
            tracing::error!(error = %text, "the handler panicked");
            Err(failure("Panic", "internal error"))
        }
    }
}

#[cfg(test)]
mod tests;
