mod format_1;
mod format_2;
mod json;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use self::json::{Text, decode, lists, pairs};
use self::{format_1::Format1, format_2::Format2};
use crate::{Rejection, payload_format::PayloadFormat, text::Pairs};

/// A request as API Gateway delivers it: payload format 2.0 of HTTP APIs, or 1.0 of REST APIs. What no argument asks for stays
/// undecoded JSON.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>,
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
#[derive(Debug)]
pub struct RequestEvent<'a> {
    parts: Parts<'a>,
    path_parameters: Option<&'a RawValue>,
    stage_variables: Option<&'a RawValue>,
    pub(crate) request_context: &'a RawValue,
    pub(crate) body: Option<&'a RawValue>,
    pub(crate) is_base64_encoded: bool,
}

/// What the formats have in different members.
#[derive(Debug)]
enum Parts<'a> {
    One(Format1<'a>),
    Two(Format2<'a>),
}

impl<'a> RequestEvent<'a> {
    /// Tells the format by the member `version`, which REST APIs do not send.
    pub(crate) fn read(payload: &'a [u8]) -> Result<Self, serde_json::Error> {
        let members: Members<'a> = serde_json::from_slice(payload)?;
        let parts = match members.version.as_deref() {
            Some("2.0") => Parts::Two(Format2::new(&members)?),
            None | Some("1.0") => Parts::One(Format1::new(&members)?),
            Some(other) => return Err(unusable(&format!("the payload format `{other}` is not known"))),
        };
        let Members { path_parameters, stage_variables, request_context, body, is_base64_encoded, .. } = members;
        Ok(Self { parts, path_parameters, stage_variables, request_context, body, is_base64_encoded })
    }

    /// The format, which the answer has to have as well.
    pub(crate) fn format(&self) -> PayloadFormat {
        match self.parts {
            Parts::One(_) => PayloadFormat::One,
            Parts::Two(_) => PayloadFormat::Two,
        }
    }

    /// Whether a REST API sends it. An HTTP API sends format 1.0, too, if it is told to.
    pub(crate) const fn is_of_rest_api(&self) -> bool {
        matches!(&self.parts, Parts::One(parts) if parts.is_of_rest_api())
    }

    /// Whether an HTTP API made the event, which says its format, whichever it is.
    pub(crate) fn is_of_http_api(&self) -> bool {
        match &self.parts {
            Parts::One(parts) => parts.is_of_http_api(),
            Parts::Two(_) => true,
        }
    }

    /// A header's value; `name` in lower case. Repeated headers are joined with commas, as HTTP APIs do.
    pub(crate) fn header(&self, name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
        match &self.parts {
            Parts::One(parts) => parts.header(name),
            Parts::Two(parts) => parts.header(name),
        }
    }

    /// All headers with names in lower case, and the cookies as the `cookie` header that they came in.
    pub(crate) fn header_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        match &self.parts {
            Parts::One(parts) => parts.header_pairs(),
            Parts::Two(parts) => parts.header_pairs(),
        }
    }

    pub(crate) fn cookie_list(&self) -> Result<Vec<Cow<'a, str>>, Rejection> {
        match &self.parts {
            Parts::One(parts) => parts.cookies(),
            Parts::Two(parts) => parts.cookies(),
        }
    }

    /// The query string as the client sent it, or one that says the same.
    pub(crate) fn query_string(&self) -> Result<Cow<'a, str>, Rejection> {
        match &self.parts {
            Parts::One(parts) => parts.query_string(),
            Parts::Two(parts) => parts.query_string(),
        }
    }

    /// The path as API Gateway hands it over: an HTTP API decodes it, a REST API does not.
    pub(crate) fn path(&self) -> Result<Cow<'a, str>, Rejection> {
        let path = match &self.parts {
            Parts::One(parts) => parts.path,
            Parts::Two(parts) => parts.raw_path,
        };
        Ok(decode::<Text<'a>>(path)?.0)
    }

    /// The path parameters in the order of the route's template, percent-decoded.
    pub(crate) fn path_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        let Some(parameters) = self.path_parameters else { return Ok(Vec::new()) };
        let mut found: Pairs<'a> = pairs(parameters)?;
        let template = match &self.parts {
            Parts::One(parts) => {
                parts.decode_path(&mut found)?;
                parts.resource
            }
            Parts::Two(parts) => parts.route_key,
        };
        if found.len() > 1 {
            let template = decode::<Text<'a>>(template)?.0;
            found.sort_by_key(|(name, _)| template.find(&format!("{{{name}")).unwrap_or(usize::MAX));
        }
        Ok(found)
    }

    /// What the stage has for its functions.
    pub(crate) fn stage_variables(&self) -> Result<Pairs<'a>, Rejection> {
        self.stage_variables.map_or_else(|| Ok(Vec::new()), pairs)
    }
}

/// The members of both formats.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow, default)]
    version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    route_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    raw_path: Option<&'a RawValue>,
    #[serde(borrow, default)]
    raw_query_string: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cookies: Option<&'a RawValue>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default)]
    path: Option<&'a RawValue>,
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    multi_value_headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    query_string_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    multi_value_query_string_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    path_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    stage_variables: Option<&'a RawValue>,
    #[serde(borrow)]
    request_context: &'a RawValue,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// A member without which nothing can be done.
fn needed<'a>(name: &str, member: Option<&'a RawValue>) -> Result<&'a RawValue, serde_json::Error> {
    member.ok_or_else(|| unusable(&format!("missing field `{name}`")))
}

fn unusable(message: &str) -> serde_json::Error {
    serde::de::Error::custom(message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const EVENTS: [&str; 3] = [
        include_str!("../../tests/events/rest_edge.json"),
        include_str!("../../tests/events/rest_console.json"),
        include_str!("../../tests/events/http_format_1.json"),
    ];
    const MEMBERS: [&str; 16] = [
        "version",
        "resource",
        "path",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
        "requestContext",
        "body",
        "isBase64Encoded",
        "routeKey",
        "rawPath",
        "rawQueryString",
        "cookies",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            Just(json!("2.0")),
            Just(json!("%E9%zz")),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::hash_map("[a-zA-Z-]{0,4}", inner, 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_event_with_anything_in_its_members_is_read_or_refused(
            event in prop::sample::select(&EVENTS[..]),
            changes in prop::collection::vec((prop::sample::select(&MEMBERS[..]), value()), 1..4),
        ) {
            let mut event: Value = serde_json::from_str(event).unwrap();
            for (member, value) in changes {
                event[member] = value;
            }
            let payload = event.to_string();
            if let Ok(event) = RequestEvent::read(payload.as_bytes()) {
                let read = (event.header("cookie"), event.header_pairs(), event.cookie_list(), event.query_string());
                let _ = (read, event.path(), event.path_pairs(), event.stage_variables(), event.body_bytes());
            }
        }
    }
}
