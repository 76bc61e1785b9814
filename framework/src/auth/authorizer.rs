use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use skyloom_manifest::bridge::FunctionError;

use super::{
    context,
    policy::{Policy, PolicyAnswer},
};
use crate::{Error, FromEvent, Rejection, RequestEvent, Scope, Trigger, http::event_pairs, reply::Answer, table};

/// Marks the events of `#[handler(authorizer)]`.
#[derive(Debug)]
pub struct Authorize;

impl Trigger for Authorize {
    type Event<'a> = AuthorizerEvent<'a>;
}

/// What API Gateway asks an authorizer: in payload format 2.0 for an HTTP API, as an authorizer of type `TOKEN` or `REQUEST` for
/// a REST API.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>,
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>
#[derive(Debug)]
pub struct AuthorizerEvent<'a> {
    members: Members<'a>,
    /// The header that has the token.
    token_header: &'static str,
    /// An authorizer of type `TOKEN` is told of the token alone.
    request: Option<RequestEvent<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    /// Only an HTTP API says it.
    #[serde(borrow, default)]
    version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    authorization_token: Option<Cow<'a, str>>,
    /// A REST API names the method, and wants to hear a policy for it; so does an HTTP API that asks in format 1.0.
    #[serde(borrow, default)]
    method_arn: Option<Cow<'a, str>>,
    /// An HTTP API names the route, and hears of it whether the caller may call.
    #[serde(borrow, default)]
    route_arn: Option<Cow<'a, str>>,
}

impl<'a> AuthorizerEvent<'a> {
    /// What is in the header that has the token. Of a `TOKEN` authorizer nothing else is told. Format 1.0 of HTTP APIs has such a member
    /// too, but with all that the authorizer is asked by.
    fn authorization(&self) -> Result<Option<Cow<'_, str>>, Rejection> {
        if let (Some(token), None) = (&self.members.authorization_token, &self.members.headers) {
            return Ok(Some(Cow::Borrowed(token)));
        }
        let headers = self.members.headers.map_or_else(|| Ok(Vec::new()), event_pairs)?;
        let mut found = headers.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case(self.token_header));
        Ok(found.next().map(|(_, value)| value))
    }

    /// Whether an HTTP API asks, which hands the principal on as it is; a REST API takes texts.
    fn is_of_http_api(&self) -> bool {
        self.members.version.is_some()
    }

    /// The request, for arguments that read it.
    pub(crate) fn request(&self) -> Result<&RequestEvent<'a>, Rejection> {
        let message = "this authorizer is told the token alone, so that it cannot read the request";
        self.request.as_ref().ok_or(Rejection::Internal(message.into()))
    }
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
        let header = event.authorization()?;
        let token = header.as_deref().and_then(bearer);
        token.map(|token| Self(token.to_owned())).ok_or(Rejection::Missing("there is no bearer token".into()))
    }
}

/// All that is in the header of the token, `Authorization` or the one that `token_header` names; an argument of authorizers. Its value is
/// in no log.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{AuthorizationToken, Unauthorized, handler};
/// # #[derive(Serialize, Deserialize)]
/// # struct Machine { serial: String }
/// #[handler(authorizer, token_header = "X-Machine")]
/// async fn machine(token: AuthorizationToken) -> Result<Machine, Unauthorized> {
///     let serial = token.as_str().strip_prefix("machine-").ok_or(Unauthorized::new())?;
///     Ok(Machine { serial: serial.into() })
/// }
/// # fn main() {}
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationToken(String);

impl AuthorizationToken {
    /// What is in the header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for AuthorizationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthorizationToken(…)")
    }
}

impl FromEvent<Authorize> for AuthorizationToken {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let token = event.authorization()?.filter(|token| !token.is_empty());
        token.map(|token| Self(token.into_owned())).ok_or(Rejection::Missing("there is no token".into()))
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

/// Reads the event of an authorizer whose token is in that header.
pub fn open<'a>(payload: &'a [u8], token_header: &'static str) -> Result<AuthorizerEvent<'a>, FunctionError> {
    let members = serde_json::from_slice(payload).map_err(|error| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is no question of an API to an authorizer: {error}"),
    })?;
    Ok(AuthorizerEvent { members, token_header, request: RequestEvent::read(payload).ok() })
}

/// Whoever has no fitting token is not let in; what is not the caller's fault fails.
pub fn reject(event: &AuthorizerEvent<'_>, rejection: Rejection) -> Result<Answer, FunctionError> {
    match rejection {
        Rejection::Internal(message) => Err(failure("Internal", message)),
        Rejection::Missing(_)
        | Rejection::Invalid(_)
        | Rejection::UnsupportedMediaType(_)
        | Rejection::Forbidden(_) => refuse(event),
    }
}

/// The same of an authorizer that names the routes.
pub fn policy_reject(event: &AuthorizerEvent<'_>, rejection: Rejection) -> Result<Answer, FunctionError> {
    match rejection {
        Rejection::Internal(_) => reject(event, rejection),
        _ => deny(event),
    }
}

/// Tells API Gateway who the caller is.
pub fn reply<P: Serialize, E: Into<Unauthorized>>(
    event: &AuthorizerEvent<'_>,
    reply: Result<P, E>,
) -> Result<Answer, FunctionError> {
    match reply.map_err(Into::into) {
        Ok(principal) => let_in(event, &principal),
        Err(Unauthorized(None)) => refuse(event),
        Err(Unauthorized(Some(error))) => Err(failed(&error)),
    }
}

/// The same of an authorizer that names the routes.
pub fn policy_reply<P: Serialize, E: Into<Unauthorized>>(
    event: &AuthorizerEvent<'_>,
    reply: Result<Policy<P>, E>,
) -> Result<Answer, FunctionError> {
    match reply.map_err(Into::into) {
        Ok(policy) => let_in_to(event, &policy),
        Err(Unauthorized(None)) => deny(event),
        Err(Unauthorized(Some(error))) => Err(failed(&error)),
    }
}

fn let_in(event: &AuthorizerEvent<'_>, principal: &impl Serialize) -> Result<Answer, FunctionError> {
    let Some(method) = &event.members.method_arn else {
        return answer(&Simple { is_authorized: true, context: Some(principal) });
    };
    let context = context::write(principal).map_err(|error| invalid(&error))?;
    if event.is_of_http_api() {
        return answer(&PolicyAnswer::allow(method, &context, principal));
    }
    answer(&PolicyAnswer::allow(method, &context, &context))
}

/// An HTTP API hands the principal on as it is, a REST API as texts.
fn let_in_to<P: Serialize>(event: &AuthorizerEvent<'_>, policy: &Policy<P>) -> Result<Answer, FunctionError> {
    let context = context::write(policy.principal()).map_err(|error| invalid(&error))?;
    match (&event.members.method_arn, &event.members.route_arn) {
        (Some(method), _) if event.is_of_http_api() => {
            answer(&PolicyAnswer::of(method, policy, &context, policy.principal()))
        }
        (Some(method), _) => answer(&PolicyAnswer::of(method, policy, &context, &context)),
        (None, Some(route)) => answer(&PolicyAnswer::of(route, policy, &context, policy.principal())),
        (None, None) => Err(failure("InvalidEvent", "the event names no route".into())),
    }
}

fn refuse(event: &AuthorizerEvent<'_>) -> Result<Answer, FunctionError> {
    match &event.members.method_arn {
        Some(method) => answer(&PolicyAnswer::<()>::deny(method)),
        None => answer(&Simple::<()> { is_authorized: false, context: None }),
    }
}

/// Refuses where a policy is expected, by an HTTP API as well.
fn deny(event: &AuthorizerEvent<'_>) -> Result<Answer, FunctionError> {
    match &event.members.route_arn {
        Some(route) => answer(&PolicyAnswer::<()>::deny(route)),
        None => refuse(event),
    }
}

fn answer(answer: &impl Serialize) -> Result<Answer, FunctionError> {
    Answer::json(answer).map_err(|error| invalid(&error))
}

fn invalid(error: &serde_json::Error) -> FunctionError {
    failure("InvalidPrincipal", error.to_string().into())
}

fn failed(error: &Error) -> FunctionError {
    tracing::error!(error = %error.chain(), "the authorizer failed");
    failure("AuthorizerFailed", error.chain().into())
}

/// A simple response, as an HTTP API takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Simple<P> {
    is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<P>,
}

fn failure(error_type: &str, message: Cow<'static, str>) -> FunctionError {
    FunctionError { error_type: error_type.into(), error_message: message.into_owned() }
}
