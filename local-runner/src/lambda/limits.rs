//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use skyloom_manifest::bridge::{FunctionError, Sink};

/// The largest event of a call that waits for the answer, in bytes.
pub(super) const REQUEST: usize = 6 * 1024 * 1024;
/// The largest event of a call that does not wait, in bytes.
pub(super) const EVENT: usize = 1024 * 1024;
/// The largest answer, in bytes, as Lambda's own message counts it.
pub(super) const RESPONSE: usize = REQUEST + 100;
/// The largest answer that is sent as it comes, in bytes.
const STREAM: usize = 200 * 1024 * 1024;
/// The invocations at once of all functions that reserved none, in a new region of an account.
pub(super) const UNRESERVED_CONCURRENCY: usize = 1_000;

/// What Lambda says of an event that it does not keep.
pub(super) fn event_too_large(bytes: usize) -> String {
    format!("{bytes} byte payload is too large for the Event invocation type (limit {EVENT} bytes)")
}

/// Lambda reports it as an error of the function.
pub(super) fn response_too_large() -> FunctionError {
    FunctionError {
        error_type: "Function.ResponseSizeTooLarge".into(),
        error_message: format!("Response payload size exceeded maximum allowed payload size ({RESPONSE} bytes)."),
    }
}

/// A sink that lets through what Lambda would, and whether there was more.
pub(super) fn streamed(sink: Sink) -> (Sink, impl Fn() -> bool) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let limited = Sink::new(move |part| {
        if counted.fetch_add(part.len(), Ordering::Relaxed) + part.len() <= STREAM {
            sink.send(part);
        }
    });
    (limited, move || sent.load(Ordering::Relaxed) > STREAM)
}

pub(super) fn stream_too_large() -> FunctionError {
    FunctionError {
        error_type: "Function.ResponseSizeTooLarge".into(),
        error_message: format!("Response payload size exceeded maximum allowed payload size ({STREAM} bytes)."),
    }
}
