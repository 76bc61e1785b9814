use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;

/// The gateway's reply.
#[derive(Clone, Debug)]
pub struct Reply {
    request: String,
    response: http::Response<Bytes>,
}

impl Reply {
    pub(super) fn new(request: String, response: http::Response<Bytes>) -> Self {
        Self { request, response }
    }

    /// Checks the status.
    ///
    /// # Panics
    /// If it is another; the message has the request and the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(
            self.response.status() == status,
            "{} was answered with {}, not {status}: {}",
            self.request,
            self.response.status().as_u16(),
            self.text()
        );
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// A header's value, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// All headers.
    pub fn headers(&self) -> &http::HeaderMap {
        self.response.headers()
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        self.response.body()
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.response.body()).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it does not fit; the message has the request and the body.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(self.response.body()) {
            Ok(value) => value,
            Err(error) => panic!("the reply of {} does not fit: {error}: {}", self.request, self.text()),
        }
    }
}
