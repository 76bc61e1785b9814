use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{context, date};
use crate::{
    Rejection,
    http::{RequestEvent, decode, event_pairs},
    payload_format::PayloadFormat,
    text,
    websocket::SocketEvent,
};

/// The `authorizer` member of an event's context.
fn authorizer<'a, T: Deserialize<'a>>(event: &RequestEvent<'a>) -> Result<T, Rejection> {
    #[derive(Deserialize)]
    struct RequestContext<'a> {
        #[serde(borrow, default)]
        authorizer: Option<&'a RawValue>,
    }
    let context: RequestContext<'a> = decode(event.request_context)?;
    decode(context.authorizer.ok_or_else(|| unguarded("the gateway sent no authorizer's answer with the request"))?)
}

/// A request came past the gateway's authorizer. Whatever the reason, nobody is let in.
fn unguarded(message: &'static str) -> Rejection {
    Rejection::Internal(message.into())
}

fn claims<'a>(event: &RequestEvent<'a>) -> Result<text::Pairs<'a>, Rejection> {
    #[derive(Deserialize)]
    struct Jwt<'a> {
        #[serde(borrow)]
        claims: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Authorizer<'a> {
        #[serde(borrow, default)]
        jwt: Option<Jwt<'a>>,
    }
    let found = match event.format() {
        PayloadFormat::One => authorizer::<Jwt<'a>>(event)?.claims,
        PayloadFormat::Two => authorizer::<Authorizer<'a>>(event)?.jwt.and_then(|jwt| jwt.claims),
    };
    let raw = found.ok_or_else(|| unguarded("the gateway sent no token's claims with the request"))?;
    let mut claims = event_pairs(raw)?;
    if event.format() == PayloadFormat::One {
        date::as_numbers(&mut claims);
    }
    Ok(claims)
}

/// The caller, from the claims of the token that the gateway checked.
pub fn user_of_pool<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    text::from_pairs(claims(event)?).map_err(|error| {
        Rejection::Forbidden(format!("the token does not have the claims that are needed: {error}").into())
    })
}

/// The caller, from what the authorizer function returned.
pub fn user_of_authorizer<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    #[derive(Deserialize)]
    struct Authorizer<'a> {
        #[serde(borrow, default)]
        lambda: Option<&'a RawValue>,
    }
    match event.format() {
        PayloadFormat::One if event.is_of_http_api() => context::read_as_is(authorizer(event)?),
        PayloadFormat::One if event.is_of_rest_api() => context::read(authorizer(event)?),
        // An HTTP API hands on what the function returned as it is; should it come as texts, they are read as a REST API's.
        PayloadFormat::One => {
            let given = authorizer::<&RawValue>(event)?;
            decode(given).or_else(|_| context::read(decode(given)?))
        }
        PayloadFormat::Two => {
            let context = authorizer::<Authorizer<'_>>(event)?.lambda;
            decode(context.ok_or_else(|| unguarded("the gateway sent no authorizer's context with the request"))?)
        }
    }
}

/// Who has connected, from what the authorizer function returned then.
pub fn user_of_socket<T: DeserializeOwned>(event: &SocketEvent<'_>) -> Result<T, Rejection> {
    let given = event.authorizer()?;
    context::read(decode(given.ok_or_else(|| unguarded("the gateway sent no authorizer's context with the event"))?)?)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_staff(event: serde_json::Value) -> bool {
        let event = event.to_string();
        check_groups(&RequestEvent::read(event.as_bytes()).unwrap(), &["staff"]).is_ok()
    }

    fn of_http_api(groups: &str) -> serde_json::Value {
        json!({"version": "2.0", "routeKey": "GET /", "rawPath": "/", "headers": {},
            "requestContext": {"authorizer": {"jwt": {"claims": {"cognito:groups": groups}}}}})
    }

    fn of_rest_api(groups: &str) -> serde_json::Value {
        json!({"resource": "/", "path": "/", "httpMethod": "GET", "headers": {}, "multiValueHeaders": {},
            "requestContext": {"authorizer": {"claims": {"cognito:groups": groups}}}})
    }

    #[test]
    fn whoever_is_in_the_group_may() {
        for groups in ["[staff]", "[auditors staff]", "[staff auditors]"] {
            assert!(is_staff(of_http_api(groups)), "{groups}");
        }
        for groups in ["staff", "auditors,staff"] {
            assert!(is_staff(of_rest_api(groups)), "{groups}");
        }
    }

    #[test]
    fn what_only_looks_like_the_group_is_not_it() {
        for groups in [
            "",
            "[]",
            "[staff2]",
            "[Staff]",
            "[STAFF]",
            "[staf]",
            "[staff,auditors]",
            "[\"staff\"]",
            "[[staff]]",
            "[staff\u{a0}auditors]",
            "[auditors\u{2003}staff]",
            "[\u{200b}staff]",
            "[staff\0]",
            "[ｓｔａｆｆ]",
            "[map[staff:true]]",
            "*",
            "null",
        ] {
            assert!(!is_staff(of_http_api(groups)), "{groups}");
        }
        for groups in ["", "staff2", "Staff", "auditors staff", "staff;auditors", "{\"staff\":true}", "staff\0", "*"] {
            assert!(!is_staff(of_rest_api(groups)), "{groups}");
        }
    }
}
