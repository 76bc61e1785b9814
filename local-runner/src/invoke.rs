use std::sync::Arc;

use bytes::Bytes;
use skyloom_manifest::bridge::{BoxFuture, FunctionError, Sink};

/// Runs a function of the application by its name in the manifest, with an event, and waits for its answer.
///
/// The gateway, the event source mappings and the schedules get one of these instead of the Lambda emulator.
pub(crate) type Invoke = Arc<dyn Fn(String, Bytes) -> BoxFuture<'static, Result<Bytes, InvokeError>> + Send + Sync>;

/// The same of a function whose answer may come in parts: they go to the sink as they come, and the answer is what is left, nothing.
pub(crate) type InvokeStream =
    Arc<dyn Fn(String, Bytes, Sink) -> BoxFuture<'static, Result<Bytes, InvokeError>> + Send + Sync>;

/// Hands an event to a function of the application by its name in the manifest, without waiting for what comes of it.
pub(crate) type Enqueue = Arc<dyn Fn(&str, Bytes) + Send + Sync>;

/// Why an invocation gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvokeError {
    /// The function's code answered with an error or panicked.
    #[error(transparent)]
    Failed(FunctionError),
    /// It took longer than its timeout and was stopped.
    #[error("{request_id} Task timed out after {seconds}.00 seconds")]
    TimedOut { request_id: String, seconds: u32 },
    /// Its process ended before it answered.
    #[error("RequestId: {request_id} Error: Runtime exited {how}")]
    Exited { request_id: String, how: String },
    /// All of its concurrency was in use.
    #[error("Rate Exceeded.")]
    Throttled,
    /// The event or the answer is over Lambda's 6 MB.
    #[error("{0}")]
    TooLarge(String),
    /// There is no function of that name.
    #[error("Function not found: {0}")]
    NotFound(String),
}
