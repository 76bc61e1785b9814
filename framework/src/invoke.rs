//! Handlers that are called by name, through Lambda's `Invoke`.

use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::bridge::FunctionError;

use crate::{Error, FromEvent, Json, Rejection, Scope, Trigger, http::parse_json, reply::Answer, schedule::failed};

/// Marks the calls of `#[handler(invoke)]`.
#[derive(Debug)]
pub struct Invoke;

impl Trigger for Invoke {
    type Event<'a> = &'a [u8];
}

impl<T: DeserializeOwned> FromEvent<Invoke> for Json<T> {
    async fn from_event<'a>(payload: &'a &'a [u8], _: &'a Scope) -> Result<Self, Rejection> {
        parse_json(payload)
            .map(Self)
            .map_err(|error| Rejection::Invalid(format!("the payload does not fit: {error}").into()))
    }
}

/// The payload is what the caller sent.
pub fn open(payload: &[u8]) -> Result<&[u8], FunctionError> {
    Ok(payload)
}

/// Tells the caller what does not fit.
pub fn reject(rejection: Rejection) -> Result<Answer, FunctionError> {
    Err(failed(Error::from(rejection)))
}

/// What a handler that is called by name may return.
#[diagnostic::on_unimplemented(
    message = "an `invoke` handler cannot return `{Self}`",
    label = "no reply",
    note = "return `Json<T>`, nothing, or a `Result` of one of them and `skyloom::Error`"
)]
pub trait InvokeReply {
    /// The answer, or why there is none.
    fn into_answer(self) -> Result<Answer, Error>;
}

impl InvokeReply for () {
    fn into_answer(self) -> Result<Answer, Error> {
        Ok(Answer::Nothing)
    }
}

impl<T: Serialize> InvokeReply for Json<T> {
    fn into_answer(self) -> Result<Answer, Error> {
        Answer::json(&self.0).map_err(Error::internal)
    }
}

impl<R: InvokeReply, E: Into<Error>> InvokeReply for Result<R, E> {
    fn into_answer(self) -> Result<Answer, Error> {
        self.map_err(Into::into)?.into_answer()
    }
}

/// Answers the caller.
pub fn reply<R: InvokeReply>(reply: R) -> Result<Answer, FunctionError> {
    reply.into_answer().map_err(failed)
}
