//! Requests of an HTTP or REST API: the event, and the arguments that it gives.

mod body;
mod cors;
mod event;
mod form;
mod header;
mod json;
mod path;
mod query;
mod request_context;

use std::{borrow::Cow, marker::PhantomData};

use skyloom_manifest::bridge::FunctionError;

pub(crate) use self::{
    cors::apply as apply_cors,
    event::{Text as EventText, decode, lists as event_lists, pairs as event_pairs},
    json::parse as parse_json,
};
pub use self::{
    event::RequestEvent, form::Form, header::Header, json::Json, path::Path, query::Query,
    request_context::RequestContext,
};
use crate::{
    Error, Principal, Rejection, Reply, Response, Scope, Trigger,
    auth::{PrincipalKind, check_groups},
    payload_format::PayloadFormat,
    reply::Answer,
};

/// Marks the requests of a route whose `auth` is `P`.
#[derive(Debug)]
pub struct Http<P>(PhantomData<fn() -> P>);

// That `P` is no principal is said once, where `auth` names it, and not again for each argument.
impl<P: 'static> Trigger for Http<P> {
    type Event<'a> = RequestEvent<'a>;
}

/// Reads the event; a caller who is in none of the route's groups is refused.
pub fn open<'a, P: Principal>(
    payload: &'a [u8],
    scope: &Scope,
    groups: &[&str],
) -> Result<RequestEvent<'a>, Result<Answer, FunctionError>> {
    let event = RequestEvent::read(payload).map_err(|error| Err(not_a_request(&error)))?;
    if let PrincipalKind::UserPool(_) = P::KIND
        && !groups.is_empty()
    {
        check_groups(&event, groups).map_err(|rejection| reject(&event, rejection, scope))?;
    }
    Ok(event)
}

/// Answers a request whose arguments could not be had.
pub fn reject(event: &RequestEvent<'_>, rejection: Rejection, scope: &Scope) -> Result<Answer, FunctionError> {
    let response = Error::from(rejection).into_response(scope.context().request_id());
    answer(event, response)
}

/// Answers a request with what its handler returned.
pub fn reply<R: Reply>(event: &RequestEvent<'_>, reply: R, scope: &Scope) -> Result<Answer, FunctionError> {
    let response = reply.into_response().unwrap_or_else(|error| error.into_response(scope.context().request_id()));
    answer(event, response)
}

/// A REST API has to be told by the function who may read the answer, which depends on who asks.
fn answer(event: &RequestEvent<'_>, response: Response) -> Result<Answer, FunctionError> {
    let format = event.format();
    let origin = match format {
        PayloadFormat::One => event.header("origin").ok().flatten().map(Cow::into_owned),
        PayloadFormat::Two => None,
    };
    Ok(Answer::Http { response: Box::new(response), format, origin })
}

fn not_a_request(error: &serde_json::Error) -> FunctionError {
    FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!(
            "the event is no request of an API in payload format 2.0, of HTTP APIs, or 1.0, of REST APIs: {error}"
        ),
    }
}
