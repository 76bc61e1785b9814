use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri, header};
use serde::Serialize;

use super::{Credentials, Reply, Token};
use crate::runner::Runner;

/// How often a patient client sends a request.
const MOST_TRIES: u32 = 10;
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A request to an API, not yet sent.
#[must_use = "a request does nothing until it is sent: `.send().await`"]
pub struct Request {
    runner: Arc<Runner>,
    api: String,
    request: http::Request<Bytes>,
    signed_by: Option<Credentials>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", self.request.method())
            .field("uri", self.request.uri())
            .finish_non_exhaustive()
    }
}

impl Request {
    pub(super) fn new(runner: Arc<Runner>, api: String, method: &str, path: &str) -> Self {
        let mut request = http::Request::new(Bytes::new());
        *request.method_mut() =
            Method::from_bytes(method.as_bytes()).unwrap_or_else(|_| panic!("`{method}` is no HTTP method"));
        *request.uri_mut() = path
            .parse::<Uri>()
            .unwrap_or_else(|error| panic!("`{path}` is no path of a request ({error}): percent-encode it"));
        Self { runner, api, request, signed_by: None }
    }

    /// Sends the token of a user, or any text, as `Authorization: Bearer …`.
    pub fn bearer(self, token: &(impl Token + ?Sized)) -> Self {
        let value = format!("Bearer {}", token.token());
        self.header("authorization", &value)
    }

    /// Signs the request with Signature Version 4 when it is sent, by the test's clock, for a route with `auth = Iam`.
    pub fn signed_by(mut self, credentials: &Credentials) -> Self {
        self.signed_by = Some(credentials.clone());
        self
    }

    /// Adds a header.
    ///
    /// # Panics
    /// If HTTP does not allow the name or the value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap_or_else(|_| panic!("`{name}` is no header name"));
        let value = HeaderValue::from_str(value).unwrap_or_else(|_| panic!("`{name}` cannot have this value"));
        self.request.headers_mut().append(name, value);
        self
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// If the value cannot be JSON.
    pub fn json(self, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).unwrap_or_else(|error| panic!("the body cannot be JSON: {error}"));
        self.content("application/json", body)
    }

    /// Sends a body as it is, with its media type.
    pub fn content(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.request.headers_mut().remove(header::CONTENT_TYPE);
        let mut this = self.header("content-type", content_type);
        *this.request.body_mut() = body.into();
        this
    }

    /// Sends the request through the gateway and waits for the reply.
    pub async fn send(mut self) -> Reply {
        if let Some(Credentials(credentials)) = &self.signed_by {
            self.runner.sign(&self.api, &mut self.request, credentials);
        }
        let line = format!("{} {}", self.request.method(), self.request.uri());
        let response = self.runner.gateway(&self.api, self.request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        Reply::read(line, response).await
    }

    /// Sends the request, and again while it is answered with 429, 500, 502, 503 or 504, as a patient client does: up to ten
    /// times, a second later, then two, then four, on the test's clock. What comes last is the reply.
    ///
    /// A failed request may have done its work all the same, so this is for requests that may arrive twice.
    pub async fn send_until_accepted(self) -> Reply {
        let mut wait = Duration::from_secs(1);
        for _ in 1..MOST_TRIES {
            let again = Self {
                runner: Arc::clone(&self.runner),
                api: self.api.clone(),
                request: self.request.clone(),
                signed_by: self.signed_by.clone(),
            };
            let reply = again.send().await;
            if !matches!(reply.status().as_u16(), 429 | 500 | 502 | 503 | 504) {
                return reply;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        self.send().await
    }
}
