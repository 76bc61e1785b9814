mod chunks;
mod format_1;
mod prelude;
mod streamed;
pub(crate) mod streams;
mod writer;

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

pub(crate) use self::chunks::Chunks;
use self::format_1::Format1;
pub(crate) use self::prelude::StreamedAnswer;
pub use self::{
    streamed::{ServerSentEvent, Streamed},
    writer::BodyWriter,
};
use crate::{Error, Json, http::apply_cors, payload_format::PayloadFormat, registry::Handler};

/// What an HTTP handler may return.
#[diagnostic::on_unimplemented(
    message = "an HTTP handler cannot return `{Self}`",
    label = "no reply",
    note = "return `Json<T>`, `Created<R>`, `NoContent`, `Html`, `String`, `Bytes`, `http::Response<B>`, `(StatusCode, R)`, or a `Result` of one of them and `skyloom::Error`"
)]
pub trait Reply {
    /// Whether its body is sent as it comes, rather than when it is whole: [`Streamed`] is.
    const STREAMS: bool = false;

    /// Makes the response, or the error that is sent instead.
    ///
    /// # Errors
    /// What should be sent as `application/problem+json`.
    fn into_response(self) -> Result<Response, Error>;
}

/// An HTTP response with its whole body, or with one that is still to come.
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// What comes in place of the body.
    stream: Option<Chunks>,
}

impl Response {
    /// A response without headers.
    pub fn new(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into(), stream: None }
    }

    fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut response = Self::new(status, body);
        response.set_header(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Its body; nothing, if it is still to come.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Sets a header, in place of what it was.
    pub fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Adds a header beside those of the same name; `Set-Cookie` goes so.
    pub fn append_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.append(name, value);
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Whether the body has to be sent to API Gateway in base64: it takes only text as it is.
    fn is_binary(&self) -> bool {
        std::str::from_utf8(&self.body).is_err() || self.headers.contains_key(header::CONTENT_ENCODING)
    }

    /// The body as both formats have it.
    fn body_text(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.body) {
            Ok(text) if !self.headers.contains_key(header::CONTENT_ENCODING) => Cow::Borrowed(text),
            _ => Cow::Owned(BASE64.encode(&self.body)),
        }
    }
}

/// Payload format 2.0 of an HTTP API.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("statusCode", &self.status.as_u16())?;
        if !self.headers.is_empty() {
            let mut joined: BTreeMap<&str, String> = BTreeMap::new();
            for (name, value) in self.headers.iter().filter(|(name, _)| *name != header::SET_COOKIE) {
                let value = String::from_utf8_lossy(value.as_bytes());
                joined
                    .entry(name.as_str())
                    .and_modify(|all| {
                        all.push(',');
                        all.push_str(&value);
                    })
                    .or_insert_with(|| value.into_owned());
            }
            map.serialize_entry("headers", &joined)?;
        }
        // AWS can do without an empty list, `cargo lambda watch` and others that read replies by `aws_lambda_events` cannot.
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let cookies: Vec<_> = cookies.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        map.serialize_entry("cookies", &cookies)?;
        map.serialize_entry("body", &self.body_text())?;
        map.serialize_entry("isBase64Encoded", &self.is_binary())?;
        map.end()
    }
}

/// What an invocation gives back to Lambda.
#[derive(Debug)]
pub enum Answer {
    /// To the gateway.
    Http {
        /// What it is to send.
        response: Box<Response>,
        /// How it wants to be told.
        format: PayloadFormat,
        /// The page's that asked, if the function has to say whether it may read the answer.
        origin: Option<String>,
    },
    /// To whoever sends it on as it comes.
    Stream(Box<StreamedAnswer>),
    /// JSON as it is.
    Json(Box<RawValue>),
    /// `null`.
    Nothing,
}

impl Answer {
    /// The answer of a handler, with what its API wants of every answer.
    pub(crate) fn of(mut self, handler: &Handler) -> Self {
        if let Self::Http { response, format: PayloadFormat::One, origin } = &mut self {
            apply_cors(handler, origin.as_deref(), response);
        }
        match self {
            Self::Http { response, .. } if handler.streams() => Self::Stream(Box::new(StreamedAnswer::of(*response))),
            other => other,
        }
    }

    /// The value as JSON.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self::Json)
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Http { response, format: PayloadFormat::One, .. } => Format1(response).serialize(serializer),
            Self::Http { response, format: PayloadFormat::Two, .. } => response.serialize(serializer),
            Self::Stream(_) => Err(serde::ser::Error::custom("a reply that is sent as it comes is no JSON")),
            Self::Json(value) => value.serialize(serializer),
            Self::Nothing => serializer.serialize_unit(),
        }
    }
}

impl Reply for Response {
    fn into_response(self) -> Result<Response, Error> {
        Ok(self)
    }
}

impl<T: Serialize> Reply for Json<T> {
    fn into_response(self) -> Result<Response, Error> {
        let body = serde_json::to_vec(&self.0).map_err(Error::internal)?;
        Ok(Response::typed(StatusCode::OK, "application/json", body))
    }
}

/// 201 with another reply's headers and body.
#[derive(Clone, Copy, Debug)]
pub struct Created<R>(pub R);

impl<R: Reply> Reply for Created<R> {
    const STREAMS: bool = R::STREAMS;

    fn into_response(self) -> Result<Response, Error> {
        (StatusCode::CREATED, self.0).into_response()
    }
}

/// 204 without a body.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoContent;

impl Reply for NoContent {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::new(StatusCode::NO_CONTENT, Bytes::new()))
    }
}

/// 204 without a body.
impl Reply for () {
    fn into_response(self) -> Result<Response, Error> {
        NoContent.into_response()
    }
}

/// A page, `text/html` in UTF-8.
#[derive(Clone, Debug)]
pub struct Html<T>(pub T);

impl<T: Into<Bytes>> Reply for Html<T> {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::typed(StatusCode::OK, "text/html; charset=utf-8", self.0))
    }
}

impl<R: Reply> Reply for (StatusCode, R) {
    const STREAMS: bool = R::STREAMS;

    fn into_response(self) -> Result<Response, Error> {
        let mut response = self.1.into_response()?;
        response.status = self.0;
        Ok(response)
    }
}

impl Reply for StatusCode {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::new(self, Bytes::new()))
    }
}

impl Reply for String {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::typed(StatusCode::OK, "text/plain; charset=utf-8", self))
    }
}

impl Reply for &'static str {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::typed(StatusCode::OK, "text/plain; charset=utf-8", self))
    }
}

impl Reply for Bytes {
    fn into_response(self) -> Result<Response, Error> {
        Ok(Response::typed(StatusCode::OK, "application/octet-stream", self))
    }
}

impl Reply for Vec<u8> {
    fn into_response(self) -> Result<Response, Error> {
        Bytes::from(self).into_response()
    }
}

impl<B: Into<Bytes>> Reply for http::Response<B> {
    fn into_response(self) -> Result<Response, Error> {
        let (parts, body) = self.into_parts();
        Ok(Response { headers: parts.headers, ..Response::new(parts.status, body) })
    }
}

impl<R: Reply, E: Into<Error>> Reply for Result<R, E> {
    const STREAMS: bool = R::STREAMS;

    fn into_response(self) -> Result<Response, Error> {
        self.map_err(Into::into)?.into_response()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(reply: impl Reply, expected: Expect) {
        expected.assert_eq(&serde_json::to_string(&reply.into_response().unwrap()).unwrap());
    }

    #[test]
    fn json_is_text_with_its_type() {
        check(
            Created(Json(["\u{e9}", "\""])),
            expect![[
                r#"{"statusCode":201,"headers":{"content-type":"application/json"},"cookies":[],"body":"[\"é\",\"\\\"\"]","isBase64Encoded":false}"#
            ]],
        );
    }

    #[test]
    fn what_is_no_text_goes_in_base64() {
        check(
            Bytes::from_static(&[0xff, 0x00]),
            expect![[
                r#"{"statusCode":200,"headers":{"content-type":"application/octet-stream"},"cookies":[],"body":"/wA=","isBase64Encoded":true}"#
            ]],
        );
    }

    #[test]
    fn cookies_stand_apart_and_other_repeated_headers_are_joined() {
        let reply = http::Response::builder()
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2")
            .header("vary", "origin")
            .header("vary", "accept")
            .body("x")
            .unwrap();
        check(
            reply,
            expect![[
                r#"{"statusCode":200,"headers":{"vary":"origin,accept"},"cookies":["a=1","b=2"],"body":"x","isBase64Encoded":false}"#
            ]],
        );
    }

    #[test]
    fn nothing_is_204() {
        check(NoContent, expect![[r#"{"statusCode":204,"cookies":[],"body":"","isBase64Encoded":false}"#]]);
    }
}
