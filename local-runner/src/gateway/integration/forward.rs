//! A request goes on to another server, whose address the application names.

use std::{borrow::Cow, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Admitted, Failure, Forward, ForwardError, Kind};

/// The longest answer, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const LONGEST_ANSWER: usize = 10 * 1024 * 1024;

/// What stays as it is in a part of a path; a slash does only in what a greedy parameter took.
const PART: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PARTS: AsciiSet = PART.remove(b'/');

pub(super) async fn answer(
    url: &str,
    request: &Admitted<'_>,
    forward: &Forward,
    timeout: Duration,
) -> Result<Response<Bytes>, Failure> {
    let answer = tokio::time::timeout(timeout, forward(outgoing(url, request)?)).await;
    let answer = answer.map_err(|_| Failure::TimedOut)?.map_err(|error| match error {
        ForwardError::Unreachable => Failure::Unreachable,
        ForwardError::TooLarge => Failure::Internal,
    })?;
    if answer.body().len() > LONGEST_ANSWER {
        return Err(Failure::Internal);
    }
    Ok(handed_back(request.kind, answer))
}

fn outgoing(url: &str, request: &Admitted<'_>) -> Result<Request<Bytes>, Failure> {
    let uri = target(url, request)?;
    let host = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let host = HeaderValue::try_from(host).map_err(|_| Failure::Internal)?;
    let mut outgoing = Request::new(request.body.clone());
    *outgoing.method_mut() = request.method.clone();
    *outgoing.headers_mut() = handed_on(request);
    outgoing.headers_mut().insert(header::HOST, host);
    outgoing.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(request.body.len()));
    *outgoing.uri_mut() = uri;
    Ok(outgoing)
}

/// The address with the values of the path's parameters, and the caller's query string. The host is the application's: what a
/// caller sends gets no further than the path.
fn target(url: &str, request: &Admitted<'_>) -> Result<Uri, Failure> {
    let mut text = url.to_owned();
    for (name, value) in request.parameters {
        let value = match request.kind {
            // A REST API leaves a path as it was sent, and an HTTP API decodes it.
            Kind::Rest => Cow::Borrowed(value.as_str()),
            Kind::Http => utf8_percent_encode(value, if is_greedy(request, name) { &PARTS } else { &PART }).into(),
        };
        text = text.replace(&format!("{{{name}}}"), &value).replace(&format!("{{{name}+}}"), &value);
    }
    if let Some(query) = request.uri.query() {
        text.push('?');
        text.push_str(query);
    }
    text.parse().map_err(|_| Failure::Internal)
}

fn is_greedy(request: &Admitted<'_>, name: &str) -> bool {
    let key = request.event["routeKey"].as_str().unwrap_or_default();
    key.contains(&format!("{{{name}+}}"))
}

/// The caller's headers without those that end here, and what API Gateway says of itself.
///
/// Of REST APIs LocalStack's tests recorded on AWS what a server gets. Of HTTP APIs there is no recording: `forwarded` and `via` are
/// what servers behind them report.
fn handed_on(request: &Admitted<'_>) -> HeaderMap {
    let mut headers = request.headers.clone();
    for name in ends_here(request.headers) {
        headers.remove(name);
    }
    let text = |pointer: &str| request.event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let told = |name: &str| header_of_event(request.event, name);
    let mut set = |name: &'static str, value: String| {
        if let (false, Ok(value)) = (value.is_empty(), HeaderValue::try_from(value)) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-amzn-trace-id", told("x-amzn-trace-id"));
    match request.kind {
        Kind::Rest => {
            set("x-amzn-apigateway-api-id", text("/requestContext/apiId").to_owned());
            for name in ["x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"] {
                set(name, told(name));
            }
        }
        Kind::Http => {
            let (source, host) = (text("/requestContext/http/sourceIp"), told("host"));
            let proto = told("x-forwarded-proto");
            set("forwarded", format!("by={source};for={source};host={host};proto={proto}"));
            set("via", "HTTP/1.1 AmazonAPIGateway".into());
        }
    }
    headers
}

fn header_of_event(event: &Value, name: &str) -> String {
    let headers = event["headers"].as_object().into_iter().flatten();
    let found = headers.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
}

/// Headers that are of one connection only, those that `connection` names among them, and those that API Gateway writes itself.
fn ends_here(headers: &HeaderMap) -> Vec<HeaderName> {
    const NAMES: [&str; 22] = [
        "connection",
        "content-encoding",
        "content-length",
        "content-md5",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "www-authenticate",
        "x-amzn-trace-id",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    ];
    let of_connection = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named =
        of_connection.flat_map(|list| list.split(',')).filter_map(|name| HeaderName::try_from(name.trim()).ok());
    named.chain(NAMES.into_iter().map(HeaderName::from_static)).collect()
}

/// The answer for the caller. A REST API gives another name to headers that are its own, as LocalStack's tests recorded on AWS.
fn handed_back(kind: Kind, answer: Response<Bytes>) -> Response<Bytes> {
    let (mut parts, body) = answer.into_parts();
    let sent = std::mem::take(&mut parts.headers);
    for (name, value) in &sent {
        if let Some(name) = name_for_caller(kind, name) {
            parts.headers.append(name, value.clone());
        }
    }
    Response::from_parts(parts, body)
}

fn name_for_caller(kind: Kind, name: &HeaderName) -> Option<HeaderName> {
    match (kind, name.as_str()) {
        (_, "transfer-encoding") => None,
        (Kind::Http, "connection" | "keep-alive" | "content-length" | "upgrade" | "te" | "trailer") => None,
        (Kind::Http, _) => Some(name.clone()),
        (
            Kind::Rest,
            "authorization" | "connection" | "content-length" | "content-md5" | "date" | "expect" | "host"
            | "max-forwards" | "proxy-authenticate" | "server" | "trailer" | "upgrade" | "user-agent"
            | "www-authenticate" | "x-amzn-requestid",
        ) => HeaderName::try_from(format!("x-amzn-remapped-{name}")).ok(),
        (Kind::Rest, "x-amz-apigw-id") => None,
        (Kind::Rest, _) => Some(name.clone()),
    }
}
