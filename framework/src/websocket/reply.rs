use std::collections::BTreeMap;

use serde::Serialize;
use skyloom_manifest::bridge::FunctionError;

use super::Subprotocol;
use crate::{Error, Json, Scope, reply::Answer, schedule::Outcome};

/// What a handler of messages may return. What is more than nothing is sent on the connection.
#[diagnostic::on_unimplemented(
    message = "a `websocket` handler cannot return `{Self}`",
    label = "no reply",
    note = "return nothing, `Json<T>`, `String`, `&'static str`, or a `Result` of one of them and `skyloom::Error`"
)]
pub trait SocketReply {
    /// Whether it is sent on the connection.
    const REPLIES: bool;

    /// What is sent, or the error that is sent instead.
    ///
    /// # Errors
    /// What should be sent as a problem document, if the route replies.
    fn into_message(self) -> Result<Option<String>, Error>;
}

impl SocketReply for () {
    const REPLIES: bool = false;

    fn into_message(self) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

impl<T: Serialize> SocketReply for Json<T> {
    const REPLIES: bool = true;

    fn into_message(self) -> Result<Option<String>, Error> {
        serde_json::to_string(&self.0).map(Some).map_err(Error::internal)
    }
}

impl SocketReply for String {
    const REPLIES: bool = true;

    fn into_message(self) -> Result<Option<String>, Error> {
        Ok(Some(self))
    }
}

impl SocketReply for &'static str {
    const REPLIES: bool = true;

    fn into_message(self) -> Result<Option<String>, Error> {
        Ok(Some(self.into()))
    }
}

impl<R: SocketReply, E: Into<Error>> SocketReply for Result<R, E> {
    const REPLIES: bool = R::REPLIES;

    fn into_message(self) -> Result<Option<String>, Error> {
        self.map_err(Into::into)?.into_message()
    }
}

/// What a `$connect` handler may return.
#[diagnostic::on_unimplemented(
    message = "a `$connect` handler cannot return `{Self}`",
    label = "says neither yes nor no",
    note = "return nothing, a `Subprotocol` or an `Option` of one, or a `Result` of one of these and `skyloom::Error`"
)]
pub trait ConnectReply {
    /// The subprotocol that the client is told of.
    ///
    /// # Errors
    /// Why the client may not connect.
    fn into_subprotocol(self) -> Result<Option<Subprotocol>, Error>;
}

impl ConnectReply for () {
    fn into_subprotocol(self) -> Result<Option<Subprotocol>, Error> {
        Ok(None)
    }
}

impl ConnectReply for Subprotocol {
    fn into_subprotocol(self) -> Result<Option<Subprotocol>, Error> {
        Ok(Some(self))
    }
}

impl ConnectReply for Option<Subprotocol> {
    fn into_subprotocol(self) -> Result<Option<Subprotocol>, Error> {
        Ok(self)
    }
}

impl<R: ConnectReply, E: Into<Error>> ConnectReply for Result<R, E> {
    fn into_subprotocol(self) -> Result<Option<Subprotocol>, Error> {
        self.map_err(Into::into)?.into_subprotocol()
    }
}

/// An answer as API Gateway takes it from a function behind a route.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Proxied {
    status_code: u16,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

/// Ends the work on a message.
pub fn reply<R: SocketReply>(reply: R, scope: &Scope) -> Result<Answer, FunctionError> {
    match reply.into_message() {
        Ok(body) => answer(200, body),
        Err(error) => failure(error, scope),
    }
}

/// Lets a connection begin or not, by the status.
pub fn connected<R: ConnectReply>(reply: R, scope: &Scope) -> Result<Answer, FunctionError> {
    match reply.into_subprotocol() {
        Ok(chosen) => {
            let headers = chosen.map(|it| ("Sec-WebSocket-Protocol", it.as_str().to_owned())).into_iter().collect();
            answered(&Proxied { status_code: 200, headers, ..Proxied::default() })
        }
        Err(error) => failure(error, scope),
    }
}

/// Ends the work on a connection that has ended.
pub fn outcome<R: Outcome>(reply: R, scope: &Scope) -> Result<Answer, FunctionError> {
    match reply.outcome() {
        Ok(()) => answer(200, None),
        Err(error) => failure(error, scope),
    }
}

pub(super) fn failure(error: Error, scope: &Scope) -> Result<Answer, FunctionError> {
    let status = error.status().as_u16();
    let problem = error.into_response(scope.context().request_id());
    answer(status, Some(String::from_utf8_lossy(problem.body()).into_owned()))
}

fn answer(status_code: u16, body: Option<String>) -> Result<Answer, FunctionError> {
    answered(&Proxied { status_code, body, ..Proxied::default() })
}

fn answered(answer: &Proxied) -> Result<Answer, FunctionError> {
    Answer::json(answer)
        .map_err(|error| FunctionError { error_type: "Internal".into(), error_message: error.to_string() })
}
