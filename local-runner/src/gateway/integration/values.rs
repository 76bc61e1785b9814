//! What variables stand for, read from what a function would be told of the request: payload format 1.0 or 2.0.

use http::{HeaderMap, HeaderName};
use serde_json::Value;
use skyloom_manifest::rules::Variable;

/// A variable of a request, or of the moment; empty where there is nothing.
pub(super) fn of(event: &Value, variable: &Variable) -> String {
    match variable {
        Variable::RequestHeader(name) => member(&event["headers"], |known| known.eq_ignore_ascii_case(name)),
        Variable::Query(name) => member(&event["queryStringParameters"], |known| known == name),
        Variable::PathParameter(name) => member(&event["pathParameters"], |known| known == name),
        Variable::Path => text(&event["rawPath"]).or_else(|| text(&event["path"])).unwrap_or_default(),
        Variable::RequestBody(members) => inside(event["body"].as_str().unwrap_or_default(), members),
        Variable::StageVariable(name) => member(&event["stageVariables"], |known| known == name),
        Variable::Context(name) => context(&event["requestContext"], name),
        Variable::ResponseHeader(_) | Variable::ResponseBody(_) => String::new(),
    }
}

/// The same of a reply.
pub(super) fn of_reply(event: &Value, (headers, body): (&HeaderMap, &[u8]), variable: &Variable) -> String {
    match variable {
        Variable::ResponseHeader(name) => {
            let name = HeaderName::try_from(name).ok();
            let values = name.iter().flat_map(|name| headers.get_all(name)).filter_map(|value| value.to_str().ok());
            values.collect::<Vec<_>>().join(",")
        }
        Variable::ResponseBody(members) => inside(&String::from_utf8_lossy(body), members),
        other => of(event, other),
    }
}

/// A member of a JSON text, or all of the text.
fn inside(body: &str, members: &[String]) -> String {
    if members.is_empty() {
        return body.to_owned();
    }
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let found = members.iter().try_fold(&body, |value, name| value.get(name));
    found.and_then(text).unwrap_or_default()
}

fn member(object: &Value, is_it: impl Fn(&str) -> bool) -> String {
    let mut members = object.as_object().into_iter().flatten();
    members.find(|(name, _)| is_it(name)).and_then(|(_, value)| text(value)).unwrap_or_default()
}

/// Payload format 2.0 has some of it at other places.
fn context(context: &Value, name: &str) -> String {
    let places: [&str; 2] = match name {
        "identity.sourceIp" => ["identity.sourceIp", "http.sourceIp"],
        "identity.userAgent" => ["identity.userAgent", "http.userAgent"],
        "httpMethod" => ["httpMethod", "http.method"],
        "path" => ["path", "http.path"],
        "protocol" => ["protocol", "http.protocol"],
        "requestTime" => ["requestTime", "time"],
        "requestTimeEpoch" => ["requestTimeEpoch", "timeEpoch"],
        "resourcePath" => ["resourcePath", "routeKey"],
        other => [other, ""],
    };
    if let Some(claim) = name.strip_prefix("authorizer.claims.") {
        let claims = [&context["authorizer"]["claims"], &context["authorizer"]["jwt"]["claims"]];
        return claims.into_iter().map(|claims| member(claims, |known| known == claim)).collect();
    }
    if let Some(said) = name.strip_prefix("authorizer.") {
        let places = [&context["authorizer"], &context["authorizer"]["lambda"]];
        return places.into_iter().map(|place| member(place, |known| known == said)).collect();
    }
    let at = |place: &str| place.split('.').try_fold(context, |value, name| value.get(name)).and_then(text);
    places.into_iter().filter(|place| !place.is_empty()).find_map(at).unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}
