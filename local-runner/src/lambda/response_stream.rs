//! `InvokeWithResponseStream`: answers that are sent while the function is at work, as an event stream.
//!
//! <https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html>,
//! <https://smithy.io/2.0/aws/amazon-eventstream.html>

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde_json::json;
use skyloom_manifest::bridge::Sink;
use tokio::sync::mpsc;

use super::{
    Finished, Lambda,
    api::{error_body, log_tail},
    invoked::Invoked,
    limits,
};
use crate::invoke::InvokeError;

/// A longer part goes as several: clients take no message of any length.
const LONGEST_PART: usize = 1024 * 1024;

/// Runs a function and gives the messages about its answer as they come.
///
/// # Errors
/// It did not run.
pub(super) async fn invoke(
    lambda: &Lambda,
    name: &str,
    event: Bytes,
    request_id: &str,
    wants_log: bool,
) -> Result<impl Stream<Item = Result<Bytes, InvokeError>> + Send + use<>, InvokeError> {
    let (parts, coming) = mpsc::unbounded_channel();
    let sink = Sink::new(move |part| {
        let _ = parts.send(part); // nobody waits for it any more
    });
    let (sink, exceeded) = limits::streamed(sink);
    let work = lambda.run(name, (event, Some(sink)), request_id.to_owned());
    let mut running = Running { coming, work: Some(work), exceeded: Box::new(exceeded), wants_log };
    let first = running.next().await?;
    Ok(stream::unfold((running, first), |(mut running, first)| async move {
        match first {
            Some(messages) => Some((Ok(messages), (running, None))),
            // That it did not run is known before the first part.
            None => running.next().await.ok().flatten().map(|messages| (Ok(messages), (running, None))),
        }
    }))
}

/// An invocation, and what came of it that was not told yet.
struct Running {
    coming: mpsc::UnboundedReceiver<Bytes>,
    /// Nothing once it has ended.
    work: Option<Invoked<Result<Finished, InvokeError>>>,
    /// Whether there was more than Lambda lets through.
    exceeded: Box<dyn Fn() -> bool + Send>,
    wants_log: bool,
}

impl Running {
    /// The next messages; nothing after the last.
    async fn next(&mut self) -> Result<Option<Bytes>, InvokeError> {
        let Some(work) = &mut self.work else { return Ok(None) };
        let finished = tokio::select! {
            biased;
            Some(part) = self.coming.recv() => return Ok(Some(chunks(&part).into())),
            finished = work => finished,
        };
        self.work = None;
        Ok(Some(self.last(finished?).into()))
    }

    /// What came just before the end, what did not come in parts, and how it ended.
    fn last(&mut self, finished: Finished) -> Vec<u8> {
        let mut messages = Vec::new();
        while let Ok(part) = self.coming.try_recv() {
            messages.extend(chunks(&part));
        }
        let whole =
            |rest| if (self.exceeded)() { Err(InvokeError::Failed(limits::stream_too_large())) } else { Ok(rest) };
        let answer = finished.answer.and_then(whole);
        let mut complete = json!({});
        match answer {
            Ok(rest) => messages.extend(chunks(&rest)),
            Err(error) => {
                complete["ErrorCode"] = "Unhandled".into();
                complete["ErrorDetails"] = error_body(&error).to_string().into();
            }
        }
        if self.wants_log {
            complete["LogResult"] = log_tail(&finished.record).into();
        }
        messages.extend(message("InvokeComplete", "application/json", complete.to_string().into()));
        messages
    }
}

fn chunks(part: &Bytes) -> Vec<u8> {
    let chunk = |bytes| message("PayloadChunk", "application/octet-stream", part.slice_ref(bytes));
    part.chunks(LONGEST_PART).flat_map(chunk).collect()
}

fn message(event_type: &'static str, content_type: &'static str, payload: Bytes) -> Vec<u8> {
    let header = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let message = Message::new(payload)
        .add_header(header(":message-type", "event"))
        .add_header(header(":event-type", event_type))
        .add_header(header(":content-type", content_type));
    let mut framed = Vec::new();
    let written = write_message_to(&message, &mut framed);
    debug_assert!(written.is_ok(), "fails for lengths alone, and these are short: {written:?}");
    framed
}
