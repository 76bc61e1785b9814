use std::{borrow::Cow, fmt};

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::reply::Response;

/// Why a handler could not do what it was asked.
///
/// An HTTP caller gets it as `application/problem+json` (RFC 9457) with the request id:
///
/// ```json
/// {"type":"about:blank","title":"Not Found","status":404,"detail":"no such order","requestId":"…"}
/// ```
///
/// What made an [`internal`](Self::internal) error is logged and never sent. Of another trigger, the error fails the
/// invocation, or the record of the stream.
pub struct Error(Box<Inner>);

struct Inner {
    status: StatusCode,
    detail: Option<Cow<'static, str>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Seconds.
    retry_after: Option<u32>,
}

impl Error {
    /// An error with that status; the detail is sent to the caller.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { status, detail: Some(detail.into()), source: None, retry_after: None }))
    }

    /// 400: the request is malformed.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 403: the caller may not.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404: it is not there.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 409: it is in another state than the request supposes.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 422: the request is well formed and makes no sense.
    pub fn unprocessable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// 429: the caller asks too often.
    pub fn too_many_requests(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
    }

    /// 503: try again later.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// 500: not the caller's fault. What made it is logged and never sent.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self(Box::new(Inner { status, detail: None, source: Some(source.into()), retry_after: None }))
    }

    /// Adds what made the error, for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Tells an HTTP caller, by `Retry-After`, to try again after so many seconds.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// 503 with `Retry-After`: AWS has more of this application's requests than it takes.
    pub(crate) fn throttled() -> Self {
        Self::unavailable("try again later").with_retry_after(1)
    }

    /// The status that an HTTP caller gets.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The sentence that an HTTP caller gets, if there is one.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Logs what the caller is not told, and makes the problem document.
    pub(crate) fn into_response(self, request_id: &str) -> Response {
        if self.0.status.is_server_error() {
            tracing::error!(status = self.0.status.as_u16(), error = %self.chain(), "the handler failed");
        } else if self.0.source.is_some() {
            tracing::info!(status = self.0.status.as_u16(), error = %self.chain(), "the request was refused");
        }
        let problem = Problem {
            kind: "about:blank",
            title: self.0.status.canonical_reason().unwrap_or("Error"),
            status: self.0.status.as_u16(),
            detail: self.detail(),
            request_id,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(self.0.status, body);
        response.set_header(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after {
            response.set_header(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The error and what made it, on one line.
    pub(crate) fn chain(&self) -> String {
        use std::fmt::Write as _;
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            let _ = write!(text, ": {error}"); // writing to a string does not fail
            source = error.source();
        }
        text
    }
}

/// RFC 9457.
#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(rename = "requestId")]
    request_id: &'a str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.detail {
            Some(detail) => f.write_str(detail),
            None => write!(f, "{}", self.0.status),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { status, detail, source, .. } = &*self.0;
        f.debug_struct("Error").field("status", status).field("detail", detail).field("source", source).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_problem_names_the_status_the_detail_and_the_request() {
        let response = Error::not_found("no such order").into_response("r-1");
        let text = String::from_utf8_lossy(response.body());
        expect![[
            r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no such order","requestId":"r-1"}"#
        ]]
        .assert_eq(&text);
    }

    #[test]
    fn a_caller_can_be_told_when_to_try_again() {
        let response = Error::unavailable("busy").with_retry_after(5).into_response("r-3");
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "5");
        assert_eq!(Error::unavailable("busy").into_response("r-4").headers().get(header::RETRY_AFTER), None);
    }

    #[test]
    fn an_internal_error_keeps_its_source_to_itself() {
        let error = Error::internal("password=hunter2");
        assert_eq!(error.chain(), "500 Internal Server Error: password=hunter2");
        let response = error.into_response("r-2");
        assert!(!String::from_utf8_lossy(response.body()).contains("hunter2"));
    }
}
