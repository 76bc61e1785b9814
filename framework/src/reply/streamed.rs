use std::fmt::Write as _;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::StreamExt as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{
    Reply, Response,
    chunks::Chunks,
    writer::{BodyWriter, Written},
};
use crate::Error;

/// A reply whose body is sent as it comes: a long export, or the words of a model.
///
/// ```
/// use futures_util::stream;
/// use skyloom::{Error, Public, Streamed, handler};
///
/// /// Counts aloud.
/// #[handler(url, auth = Public)]
/// async fn count() -> Streamed {
///     Streamed::text(stream::iter((1..=3).map(|number| Ok::<_, Error>(format!("{number}\n")))))
/// }
/// # fn main() {}
/// ```
///
/// A function's own URL and REST APIs send it so; an HTTP API cannot, and says so. It may be up to 200 MB, the first 6 MB of it as fast as
/// the client takes them, and lasts as long as the function's timeout.
/// An error in the midst of it ends the reply where it is: the client sees that it is not whole, and Lambda that the function failed.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
#[derive(Debug)]
pub struct Streamed(Response);

impl Streamed {
    /// Bytes, 200.
    pub fn new<B, E>(body: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Error>,
    {
        Self::typed("application/octet-stream", body.map(|chunk| chunk.map(Into::into).map_err(Into::into)))
    }

    /// Text in UTF-8.
    pub fn text<T, E>(body: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self
    where
        T: Into<String>,
        E: Into<Error>,
    {
        let bytes = |text: T| Bytes::from(text.into());
        Self::typed("text/plain; charset=utf-8", body.map(move |chunk| chunk.map(bytes).map_err(Into::into)))
    }

    /// Values, each as JSON on a line of its own: `application/x-ndjson`.
    pub fn json_lines<T, E>(values: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self
    where
        T: Serialize,
        E: Into<Error>,
    {
        Self::typed("application/x-ndjson", values.map(|value| json_line(&value.map_err(Into::into)?)))
    }

    /// Server-sent events, as a browser's `EventSource` reads them: `text/event-stream`.
    ///
    /// <https://html.spec.whatwg.org/multipage/server-sent-events.html>
    pub fn events<E>(events: impl Stream<Item = Result<ServerSentEvent, E>> + Send + 'static) -> Self
    where
        E: Into<Error>,
    {
        let bytes = |event: Result<ServerSentEvent, E>| event.map(ServerSentEvent::into_bytes).map_err(Into::into);
        Self::typed("text/event-stream", events.map(bytes))
            .header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
    }

    /// Whatever a future writes, for a body that is made of what it borrows:
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Iam, Scan, Streamed, Table, handler};
    /// # #[derive(Table, Serialize, Deserialize)] struct Order { #[partition_key] id: String }
    /// use futures_util::TryStreamExt as _;
    ///
    /// /// All orders, each on a line.
    /// #[handler(url, auth = Iam, timeout = "15m")]
    /// async fn export(orders: Scan<Order>) -> Streamed {
    ///     Streamed::written("application/x-ndjson", async move |mut body| {
    ///         let mut all = orders.items().stream();
    ///         while let Some(order) = all.try_next().await? {
    ///             body.send_json_line(&order).await?;
    ///         }
    ///         Ok(())
    ///     })
    /// }
    /// # fn main() {}
    /// ```
    pub fn written<F>(content_type: &'static str, write: impl FnOnce(BodyWriter) -> F) -> Self
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        Self::typed(content_type, Written::new(write))
    }

    fn typed(content_type: &'static str, body: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        let mut response = Response::typed(StatusCode::OK, content_type, Bytes::new());
        response.stream = Some(Chunks::new(body));
        Self(response)
    }

    /// The same with a header in place of what it was.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.set_header(name, value);
        self
    }

    /// The same with a header beside those of the same name.
    #[must_use]
    pub fn append_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.append_header(name, value);
        self
    }
}

impl Reply for Streamed {
    const STREAMS: bool = true;

    fn into_response(self) -> Result<Response, Error> {
        Ok(self.0)
    }
}

pub(super) fn json_line(value: &impl Serialize) -> Result<Bytes, Error> {
    let mut line = serde_json::to_vec(value).map_err(Error::internal)?;
    line.push(b'\n');
    Ok(line.into())
}

/// One of [`Streamed::events`].
#[derive(Clone, Debug, Default)]
pub struct ServerSentEvent(String);

impl ServerSentEvent {
    /// One that says this, which may be of several lines.
    pub fn data(text: &str) -> Self {
        let mut event = String::new();
        for line in lines(text) {
            let _ = writeln!(event, "data: {line}"); // writing to a string does not fail
        }
        Self(event)
    }

    /// One that says a value as JSON.
    ///
    /// # Errors
    /// The value cannot be JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, Error> {
        serde_json::to_string(value).map(|text| Self::data(&text)).map_err(Error::internal)
    }

    /// The same of a type, for which a page can listen by itself.
    #[must_use]
    pub fn event(self, name: &str) -> Self {
        self.field("event", name)
    }

    /// The same with an id, with which a client that lost the connection asks for what followed: `Last-Event-ID`.
    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.field("id", id)
    }

    /// An empty line ends it.
    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from(self.0 + "\n")
    }

    /// A field is one line: what follows a line's end would be a field of its own.
    fn field(mut self, name: &str, value: &str) -> Self {
        let value = value.split(['\n', '\r', '\0']).next().unwrap_or_default();
        let _ = writeln!(self.0, "{name}: {value}"); // writing to a string does not fail
        self
    }
}

/// Lines end with `\n`, `\r` or both.
fn lines(text: &str) -> impl Iterator<Item = String> + use<> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_each_line_by_itself_and_no_field_runs_over() {
        let event = ServerSentEvent::data("a\r\nb\rc").event("word\ndata: forged").id("7");
        assert_eq!(event.0, "data: a\ndata: b\ndata: c\nevent: word\nid: 7\n");
        assert_eq!(ServerSentEvent::json(&["x"]).unwrap().0, "data: [\"x\"]\n");
    }
}
