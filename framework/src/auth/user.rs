use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    Rejection,
    http::{RequestEvent, event_pairs},
    text,
};

#[derive(Deserialize)]
struct RequestContext<'a> {
    #[serde(borrow, default)]
    authorizer: Option<Authorizer<'a>>,
}

#[derive(Deserialize)]
struct Authorizer<'a> {
    #[serde(borrow, default)]
    jwt: Option<Jwt<'a>>,
    #[serde(borrow, default)]
    lambda: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Jwt<'a> {
    #[serde(borrow)]
    claims: &'a RawValue,
}

fn authorizer<'a>(event: &RequestEvent<'a>) -> Result<Authorizer<'a>, Rejection> {
    let context: RequestContext<'a> = crate::http::decode(event.request_context)?;
    context.authorizer.ok_or_else(|| unguarded("the gateway sent no authorizer's answer with the request"))
}

/// A request came past the gateway's authorizer. Whatever the reason, nobody is let in.
fn unguarded(message: &'static str) -> Rejection {
    Rejection::Internal(message.into())
}

fn claims<'a>(event: &RequestEvent<'a>) -> Result<text::Pairs<'a>, Rejection> {
    let jwt = authorizer(event)?.jwt.ok_or_else(|| unguarded("the gateway sent no token's claims with the request"))?;
    event_pairs(jwt.claims)
}

/// The caller, from the claims of the token that the gateway checked.
pub fn user_of_pool<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    text::from_pairs(claims(event)?).map_err(|error| {
        Rejection::Forbidden(format!("the token does not have the claims that are needed: {error}").into())
    })
}

/// The caller, from what the authorizer function returned.
pub fn user_of_authorizer<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    let context = authorizer(event)?
        .lambda
        .ok_or_else(|| unguarded("the gateway sent no authorizer's context with the request"))?;
    crate::http::decode(context)
}

/// Refuses who is in none of the groups.
pub(crate) fn check_groups(event: &RequestEvent<'_>, groups: &[&str]) -> Result<(), Rejection> {
    #[derive(Deserialize)]
    struct Groups {
        #[serde(rename = "cognito:groups", default)]
        names: Vec<String>,
    }
    let found: Groups =
        text::from_pairs(claims(event)?).map_err(|error| Rejection::Internal(Cow::Owned(error.to_string())))?;
    if found.names.iter().any(|name| groups.contains(&name.as_str())) {
        return Ok(());
    }
    Err(Rejection::Forbidden("you are in none of the groups that may do this".into()))
}
