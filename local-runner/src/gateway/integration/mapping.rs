//! Parameter mapping of an HTTP API: what is changed of a request before a function is told of it, and of its reply.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use skyloom_manifest::{
    ParameterMapping,
    rules::{Change, ChangeAction, MappedParameter},
};

use super::values;

/// The changes of a route, read.
#[derive(Clone, Debug, Default)]
pub(in crate::gateway) struct Mapping {
    request: Vec<Change>,
    response: BTreeMap<u16, Vec<Change>>,
}

impl Mapping {
    pub(in crate::gateway) fn new(declared: &ParameterMapping) -> Self {
        let request = declared.request.iter().filter_map(|(key, value)| Change::of_request(key, value).ok());
        let response = declared.response.iter().map(|(status, changes)| {
            let changes = changes.iter().filter_map(|(key, value)| Change::of_response(key, value).ok());
            (*status, changes.collect())
        });
        Self { request: request.collect(), response: response.collect() }
    }

    /// Whether nothing is changed.
    pub(in crate::gateway) fn is_empty(&self) -> bool {
        self.request.is_empty() && self.response.is_empty()
    }

    /// Changes what a function is told. All values are of the request as it came.
    pub(in crate::gateway) fn change_event(&self, event: &mut Value) {
        let before = event.clone();
        for change in &self.request {
            let value = change.value.filled(|variable| values::of(&before, variable));
            match &change.parameter {
                MappedParameter::Header(name) => change_member(event, "headers", name, change.action, value),
                MappedParameter::Query(name) => {
                    change_member(event, "queryStringParameters", name, change.action, value);
                    event["rawQueryString"] = query(&event["queryStringParameters"]).into();
                }
                MappedParameter::Path => event["rawPath"] = value.into(),
                MappedParameter::StatusCode => {}
            }
        }
    }

    /// Changes a reply of that status.
    pub(in crate::gateway) fn change_reply(&self, event: &Value, reply: &mut Response<Bytes>) {
        let Some(changes) = self.response.get(&reply.status().as_u16()) else { return };
        let (headers, body) = (reply.headers().clone(), reply.body().clone());
        for change in changes {
            let value = change.value.filled(|variable| values::of_reply(event, (&headers, &body), variable));
            match &change.parameter {
                MappedParameter::Header(name) => change_header(reply.headers_mut(), name, change.action, value),
                MappedParameter::StatusCode => {
                    let status = value.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
                    status.into_iter().for_each(|status| *reply.status_mut() = status);
                }
                MappedParameter::Query(_) | MappedParameter::Path => {}
            }
        }
    }
}

fn change_member(event: &mut Value, of: &str, name: &str, action: ChangeAction, value: String) {
    if !event[of].is_object() {
        event[of] = Value::Object(Map::new());
    }
    let Some(members) = event[of].as_object_mut() else { return };
    match (action, members.get(name).and_then(Value::as_str)) {
        (ChangeAction::Remove, _) => _ = members.remove(name),
        (ChangeAction::Append, Some(before)) => {
            let joined = format!("{before},{value}");
            members.insert(name.to_owned(), joined.into());
        }
        (ChangeAction::Append, None) | (ChangeAction::Overwrite, _) => {
            members.insert(name.to_owned(), value.into());
        }
    }
}

fn change_header(headers: &mut HeaderMap, name: &str, action: ChangeAction, value: String) {
    let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { return };
    match action {
        ChangeAction::Remove => _ = headers.remove(name),
        ChangeAction::Append => _ = headers.append(name, value),
        ChangeAction::Overwrite => _ = headers.insert(name, value),
    }
}

/// A query string that says the same as the parameters.
fn query(parameters: &Value) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let members = parameters.as_object().into_iter().flatten();
    let pairs = members.map(|(name, value)| format!("{}={}", encode(name), encode(value.as_str().unwrap_or_default())));
    pairs.collect::<Vec<_>>().join("&")
}
