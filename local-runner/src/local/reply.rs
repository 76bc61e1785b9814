use bytes::Bytes;
use futures_util::StreamExt as _;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::streamed_body::StreamedBody;

/// The gateway's reply.
#[derive(Clone, Debug)]
pub struct Reply {
    request: String,
    response: http::Response<Bytes>,
    chunks: Vec<Bytes>,
    broke_off: bool,
}

impl Reply {
    /// One that is whole.
    pub(super) fn new(request: String, response: http::Response<Bytes>) -> Self {
        Self { request, response, chunks: Vec::new(), broke_off: false }
    }

    /// Reads a reply to its end, as far as it comes.
    pub(super) async fn read(request: String, mut response: http::Response<Bytes>) -> Self {
        let Some(mut body) = StreamedBody::take_from(&mut response) else {
            return Self::new(request, response);
        };
        let (mut chunks, mut broke_off) = (Vec::new(), false);
        while let Some(chunk) = body.next().await {
            match chunk {
                Ok(chunk) => chunks.push(chunk),
                Err(_) => broke_off = true,
            }
        }
        let response = response.map(|_| chunks.concat().into());
        Self { request, response, chunks, broke_off }
    }

    /// The parts of the body as they came, if it was sent so: the handler returned [`Streamed`](https://docs.rs/skyloom/latest/skyloom/struct.Streamed.html).
    pub fn chunks(&self) -> &[Bytes] {
        &self.chunks
    }

    /// Whether the body ended before it was whole: the handler failed in the midst of it.
    pub fn broke_off(&self) -> bool {
        self.broke_off
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
