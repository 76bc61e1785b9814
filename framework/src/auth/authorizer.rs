use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use skyloom_manifest::bridge::FunctionError;

use crate::{Error, FromEvent, Rejection, Scope, Trigger, http::event_pairs, reply::Answer, table};

/// Marks the events of `#[handler(authorizer)]`.
#[derive(Debug)]
pub struct Authorize;

impl Trigger for Authorize {
    type Event<'a> = AuthorizerEvent<'a>;
}

/// What API Gateway asks an authorizer, payload format 2.0.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizerEvent<'a> {
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
}

/// The token of an `Authorization: Bearer …` header; an argument of authorizers. Its value is in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken(String);

impl BearerToken {
    /// The token without the word `Bearer`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

impl FromEvent<Authorize> for BearerToken {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let headers = event.headers.map_or_else(|| Ok(Vec::new()), event_pairs)?;
        let header = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let token = header.and_then(|(_, value)| bearer(value));
        token.map(|token| Self(token.to_owned())).ok_or(Rejection::Missing("there is no bearer token".into()))
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// What an authorizer returns for a caller whom it does not let in.
///
/// Made from another error by `?`, it is a failure of the authorizer instead, which the caller gets as 500.
#[derive(Debug, Default)]
pub struct Unauthorized(Option<Error>);

impl Unauthorized {
    /// The caller is not let in.
    pub const fn new() -> Self {
        Self(None)
    }
}

impl From<Error> for Unauthorized {
    fn from(error: Error) -> Self {
        Self(Some(error))
    }
}

impl From<table::Error> for Unauthorized {
    fn from(error: table::Error) -> Self {
        Self(Some(error.into()))
    }
}

/// Reads the event.
pub fn open(payload: &[u8]) -> Result<AuthorizerEvent<'_>, FunctionError> {
    serde_json::from_slice(payload).map_err(|error| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is no question of an HTTP API to an authorizer, payload format 2.0: {error}"),
    })
}

/// Whoever has no fitting token is not let in; what is not the caller's fault fails.
pub fn reject(rejection: Rejection) -> Result<Answer, FunctionError> {
    match rejection {
        Rejection::Internal(message) => Err(failure("Internal", message)),
        Rejection::Missing(_)
        | Rejection::Invalid(_)
        | Rejection::UnsupportedMediaType(_)
        | Rejection::Forbidden(_) => refuse(),
    }
}

/// Tells API Gateway who the caller is.
pub fn reply<P: Serialize, E: Into<Unauthorized>>(reply: Result<P, E>) -> Result<Answer, FunctionError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Allow<P> {
        is_authorized: bool,
        context: P,
    }
    match reply.map_err(Into::into) {
        Ok(principal) => Answer::json(&Allow { is_authorized: true, context: principal })
            .map_err(|error| failure("InvalidPrincipal", error.to_string().into())),
        Err(Unauthorized(None)) => refuse(),
        Err(Unauthorized(Some(error))) => {
            tracing::error!(error = %error.chain(), "the authorizer failed");
            Err(failure("AuthorizerFailed", error.chain().into()))
        }
    }
}

fn refuse() -> Result<Answer, FunctionError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Refuse {
        is_authorized: bool,
    }
    Answer::json(&Refuse { is_authorized: false }).map_err(|error| failure("Internal", error.to_string().into()))
}

fn failure(error_type: &str, message: Cow<'static, str>) -> FunctionError {
    FunctionError { error_type: error_type.into(), error_message: message.into_owned() }
}
