//! Answers, with the headers that keep a page from being framed, sniffed, cached or told on.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::cognito::wire;

/// Sends the browser on. Where to is a registered URL or one of the domain, with what else there is encoded.
pub(super) fn redirect(url: &str) -> Response<Bytes> {
    match HeaderValue::from_str(url) {
        Ok(location) => {
            let mut response = empty(StatusCode::FOUND);
            response.headers_mut().insert(header::LOCATION, location);
            guarded(response)
        }
        Err(_) => empty(StatusCode::BAD_REQUEST), // a line break, which would be a header of its own
    }
}

/// Adds parameters to a registered URL, which may have a query of its own.
pub(super) fn with_query(url: &str, query: &str) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{query}")
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    wire::allow_browsers(&mut response);
    guarded(response)
}

/// An error as RFC 6749, 5.2 has it.
pub(super) fn refuse(error: &str) -> Response<Bytes> {
    json(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

pub(super) fn html(status: StatusCode, body: String, policy: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let mut response = guarded(response);
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

pub(super) fn not_found() -> Response<Bytes> {
    json(
        StatusCode::NOT_FOUND,
        &json!({ "message": "there is nothing at this path of a user pool's domain, or no such domain" }),
    )
}

pub(super) fn wrong_method() -> Response<Bytes> {
    empty(StatusCode::METHOD_NOT_ALLOWED)
}

pub(super) fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

fn guarded(mut response: Response<Bytes>) -> Response<Bytes> {
    let headers = [
        (header::CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate"),
        (header::PRAGMA, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
