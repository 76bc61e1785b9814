//! The Lambda loop: one process serves one function, an event at a time.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use lambda_runtime::{Diagnostic, FunctionResponse, LambdaEvent, service_fn};
use serde_json::value::RawValue;
use skyloom_manifest::bridge::FunctionError;
use tracing::Instrument as _;

use crate::{
    Context, Scope,
    clock::Clock,
    log,
    registry::Handler,
    reply::{Answer, Chunks},
    scope::Host,
};

/// How long a process lives that has sent its last words.
const FLUSH: Duration = Duration::from_millis(100);

/// Serves the handler until Lambda ends the process.
///
/// A current-thread runtime is all that one event at a time needs, and it makes fewer system calls.
pub(crate) fn serve(handler: &'static Handler) -> Result<(), lambda_runtime::Error> {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    tracing::dispatcher::set_global_default(log::subscriber(log::stdout(), Clock::default(), level.as_deref()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let host = Arc::new(Host::of_process());
    let service = service_fn(move |event| handle(handler, Arc::clone(&host), event));
    runtime.block_on(lambda_runtime::Runtime::new(service).run())
}

async fn handle(
    handler: &'static Handler,
    host: Arc<Host>,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<FunctionResponse<Answer, Chunks>, Failed> {
    let span = log::invocation_span(&event.context.request_id);
    let scope = Scope::new(Context::from(event.context), host);
    let call = async { (handler.call)(event.payload.get().as_bytes(), &scope).await.map(|answer| answer.of(handler)) };
    let answer = call.instrument(span).await;
    match answer.map_err(Failed)? {
        Answer::Stream(answer) => Ok(FunctionResponse::StreamingResponse(answer.into_response(or_die))),
        answer => Ok(FunctionResponse::BufferedResponse(answer)),
    }
}

/// A reply that breaks off takes the process with it, as a crash would: the caller's connection breaks, and Lambda counts an error. Told
/// of the error, `lambda_runtime` 1.5 would write what it means for trailers into the body, which would then look whole.
fn or_die(chunks: Chunks) -> Chunks {
    Chunks::new(chunks.then(|chunk| async {
        if chunk.is_err() {
            tokio::time::sleep(FLUSH).await; // what was sent before is on its way
            std::process::exit(1);
        }
        chunk
    }))
}

/// A [`FunctionError`] as `lambda_runtime` wants it; `Debug` is what it logs.
struct Failed(FunctionError);

impl std::fmt::Debug for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl From<Failed> for Diagnostic {
    fn from(Failed(error): Failed) -> Self {
        Self { error_type: error.error_type, error_message: error.error_message }
    }
}
