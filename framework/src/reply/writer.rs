use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::Stream;
use serde::Serialize;
use tokio::sync::mpsc;

use super::streamed::{ServerSentEvent, json_line};
use crate::Error;

/// What [`Streamed::written`](super::Streamed::written) hands out to write a body with.
#[derive(Debug)]
pub struct BodyWriter(mpsc::Sender<Bytes>);

impl BodyWriter {
    /// Sends some bytes, or text, once what was sent before is under way.
    ///
    /// # Errors
    /// The caller is gone.
    pub async fn send(&mut self, part: impl Into<Bytes>) -> Result<(), Error> {
        self.0.send(part.into()).await.map_err(|_| Error::internal("the caller is gone"))
    }

    /// Sends a value as JSON on a line of its own.
    ///
    /// # Errors
    /// The caller is gone, or the value cannot be JSON.
    pub async fn send_json_line(&mut self, value: &impl Serialize) -> Result<(), Error> {
        self.send(json_line(value)?).await
    }

    /// Sends a server-sent event.
    ///
    /// # Errors
    /// The caller is gone.
    pub async fn send_event(&mut self, event: ServerSentEvent) -> Result<(), Error> {
        self.send(event.into_bytes()).await
    }
}

/// The parts that a future writes, which works whenever somebody asks for the next.
pub(super) struct Written<F> {
    work: Option<Pin<Box<F>>>,
    parts: mpsc::Receiver<Bytes>,
    failed: Option<Error>,
}

impl<F: Future<Output = Result<(), Error>>> Written<F> {
    pub(super) fn new(write: impl FnOnce(BodyWriter) -> F) -> Self {
        let (sender, parts) = mpsc::channel(1);
        Self { work: Some(Box::pin(write(BodyWriter(sender)))), parts, failed: None }
    }
}

impl<F: Future<Output = Result<(), Error>>> Stream for Written<F> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(Poll::Ready(ended)) = self.work.as_mut().map(|work| work.as_mut().poll(context)) {
            (self.work, self.failed) = (None, ended.err());
        }
        match self.parts.poll_recv(context) {
            Poll::Ready(Some(part)) => Poll::Ready(Some(Ok(part))),
            Poll::Pending | Poll::Ready(None) if self.work.is_some() => Poll::Pending,
            _ => Poll::Ready(self.failed.take().map(Err)), // after all that came before it failed
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt as _, TryStreamExt as _};

    use super::*;

    #[tokio::test]
    async fn what_is_written_comes_in_order_and_an_error_ends_it() {
        let written = Written::new(|mut body| async move {
            for number in 1..=3 {
                body.send_json_line(&number).await?;
            }
            body.send_event(ServerSentEvent::data("end")).await?;
            Err(Error::not_found("the rest"))
        });
        let parts: Vec<_> = written.map(|part| part.map_err(|error| error.to_string())).collect().await;
        let expected = ["1\n", "2\n", "3\n", "data: end\n\n"].map(|part| Ok(Bytes::from(part)));
        assert_eq!(parts[..4], expected);
        assert_eq!(parts[4..], [Err("the rest".to_owned())]);
    }

    #[tokio::test]
    async fn nothing_written_is_nothing() {
        let parts: Vec<_> = Written::new(|_| async { Ok(()) }).try_collect().await.unwrap();
        assert_eq!(parts, [""; 0]);
    }
}
