//! Answers that are sent on while the function is still at work.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;
use skyloom_manifest::bridge::{BoxFuture, FunctionError, Sink};
use tokio::sync::mpsc;

use crate::invoke::{InvokeError, InvokeStream};

/// What stands between the head of an answer and its body.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
const DELIMITER: [u8; 8] = [0; 8];

/// What a function answers that is invoked for a stream.
pub(super) enum Answer {
    /// A head, and a body that is still to come.
    Streamed(Value, Body),
    /// Something else, which is whole.
    Whole(Bytes),
}

/// Invokes a function and waits until it is known what it answers.
pub(super) async fn invoke(invoke: &InvokeStream, function: &str, event: Bytes) -> Result<Answer, InvokeError> {
    let (parts, coming) = mpsc::unbounded_channel();
    let sink = Sink::new(move |part| {
        let _ = parts.send(part); // nobody waits for it any more
    });
    let mut body = Body { first: None, coming, work: Some(invoke(function.to_owned(), event, sink)), ended: None };
    let mut begun = BytesMut::new();
    while let Some(part) = body.next().await {
        begun.extend_from_slice(&part?);
        if let Some((head, first)) = split(&mut begun) {
            body.first = Some(first);
            return Ok(Answer::Streamed(head, body));
        }
    }
    Ok(Answer::Whole(begun.freeze()))
}

/// The head, once it is there, and what has come of the body.
fn split(begun: &mut BytesMut) -> Option<(Value, Bytes)> {
    let at = begun.windows(DELIMITER.len()).position(|bytes| bytes == DELIMITER)?;
    let head = serde_json::from_slice(&begun[..at]).ok()?;
    let first = begun.split_off(at + DELIMITER.len()).freeze();
    Some((head, first))
}

/// A body on which nothing comes for so long is cut off. The function may go on.
pub(super) fn until_idle(body: Body, limit: Duration) -> impl Stream<Item = Result<Bytes, InvokeError>> + Send {
    stream::unfold(Some(body), move |body| async move {
        let mut body = body?;
        match tokio::time::timeout(limit, body.next()).await {
            Ok(part) => part.map(|part| (part, Some(body))),
            Err(_) => Some((Err(idle(limit)), None)),
        }
    })
}

fn idle(limit: Duration) -> InvokeError {
    let error_message = format!("nothing came for {} seconds", limit.as_secs());
    InvokeError::Failed(FunctionError { error_type: "IdleTimeout".into(), error_message })
}

/// A body that comes while the function works; who reads it keeps the function working.
pub(super) struct Body {
    first: Option<Bytes>,
    coming: mpsc::UnboundedReceiver<Bytes>,
    work: Option<BoxFuture<'static, Result<Bytes, InvokeError>>>,
    ended: Option<Result<Bytes, InvokeError>>,
}

impl Stream for Body {
    /// An error is that the function broke off: the body is not whole.
    type Item = Result<Bytes, InvokeError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take().filter(|first| !first.is_empty()) {
            return Poll::Ready(Some(Ok(first)));
        }
        if let Some(Poll::Ready(ended)) = self.work.as_mut().map(|work| work.as_mut().poll(context)) {
            (self.work, self.ended) = (None, Some(ended));
        }
        match self.coming.poll_recv(context) {
            Poll::Ready(Some(part)) => Poll::Ready(Some(Ok(part))),
            // Nothing more may come, and how the work ended is yet to be known.
            Poll::Pending | Poll::Ready(None) if self.work.is_some() => Poll::Pending,
            // All that came before has been read. What is left of an answer is one that did not come in parts.
            _ => Poll::Ready(self.ended.take().filter(|ended| !matches!(ended, Ok(rest) if rest.is_empty()))),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn failed() -> InvokeError {
        InvokeError::Failed(FunctionError { error_type: "Panic".into(), error_message: "on purpose".into() })
    }

    #[tokio::test]
    async fn a_function_that_fails_after_its_last_part_is_known_to_have_failed() {
        let invoke: InvokeStream = Arc::new(|_, _, sink| {
            Box::pin(async move {
                sink.send(Bytes::from_static(b"{\"statusCode\":200}\0\0\0\0\0\0\0\0half"));
                drop(sink);
                tokio::task::yield_now().await; // nothing more can come, and it is not over
                Err(failed())
            })
        });
        let Ok(Answer::Streamed(head, body)) = super::invoke(&invoke, "export", Bytes::new()).await else {
            panic!("there is a head");
        };
        assert_eq!(head["statusCode"], 200);
        let parts: Vec<_> = body.collect().await;
        assert_eq!(parts, [Ok(Bytes::from_static(b"half")), Err(failed())]);
    }

    #[tokio::test]
    async fn an_answer_without_a_head_is_whole() {
        let invoke: InvokeStream = Arc::new(|_, _, _| Box::pin(async { Ok(Bytes::from_static(b"{}")) }));
        let answer = super::invoke(&invoke, "export", Bytes::new()).await;
        assert!(matches!(answer, Ok(Answer::Whole(body)) if body == "{}"));
    }
}
