//! The application inside another process: what the local runner's tests use in place of Lambda.

use std::{panic::AssertUnwindSafe, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt as _, StreamExt as _};
use skyloom_manifest::bridge::{Application, BoxFuture, Environment, FunctionError, Instance, Invocation, Sink};
use tracing::{Dispatch, Instrument as _, instrument::WithSubscriber as _};

use crate::{
    Context, Error, Scope,
    clock::Clock,
    log, manifest,
    registry::Handler,
    reply::{Answer, StreamedAnswer},
    run::find,
    scope::Host,
};

/// The application that is linked into this process, as the local runner takes it.
pub fn application(name: &'static str) -> Application {
    Application { name, manifest: manifest::of_linked, start }
}

fn start(function: &str, environment: Environment) -> Result<Box<dyn Instance>, FunctionError> {
    let handler = find(function)
        .map_err(|error| FunctionError { error_type: "Runtime.InvalidEntrypoint".into(), error_message: error })?;
    let level = environment.variables.get("AWS_LAMBDA_LOG_LEVEL").map(String::as_str);
    let clock = Clock::given(environment.now.clone());
    let log = log::subscriber(environment.log.clone(), clock.clone(), level);
    Ok(Box::new(InProcess { handler, log, clock, host: Arc::new(Host::given(environment)) }))
}

struct InProcess {
    handler: &'static Handler,
    log: Dispatch,
    clock: Clock,
    host: Arc<Host>,
}

impl Instance for InProcess {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Bytes, FunctionError>> {
        let span = tracing::dispatcher::with_default(&self.log, || log::invocation_span(&invocation.request_id));
        Box::pin(self.run(invocation).instrument(span).with_subscriber(self.log.clone()))
    }
}

impl InProcess {
    async fn run(&self, invocation: Invocation) -> Result<Bytes, FunctionError> {
        let context = Context {
            request_id: invocation.request_id,
            deadline: invocation.deadline,
            function_arn: invocation.function_arn,
            trace_id: invocation.trace_id,
            clock: self.clock.clone(),
            host: None,
        };
        let scope = Scope::new(context, Arc::clone(&self.host));
        let answer = async {
            let answer = (self.handler.call)(&invocation.payload, &scope).await?;
            match answer.of(self.handler) {
                Answer::Stream(answer) => stream(*answer, invocation.sink.as_ref()).await,
                answer => serde_json::to_vec(&answer).map(Bytes::from).map_err(|error| invalid(&error)),
            }
        };
        AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }
}

/// Hands on each part as it comes; the answer is what nobody has taken.
async fn stream(answer: StreamedAnswer, sink: Option<&Sink>) -> Result<Bytes, FunctionError> {
    let mut chunks = answer.into_chunks().map_err(|error| invalid(&error))?;
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| broke_off(&error))?;
        match sink {
            Some(sink) => sink.send(chunk),
            None => whole.extend_from_slice(&chunk),
        }
    }
    Ok(whole.freeze())
}

/// In the words of `lambda_runtime`.
fn broke_off(error: &Error) -> FunctionError {
    FunctionError { error_type: "Runtime.StreamError".into(), error_message: error.to_string() }
}

fn invalid(error: &serde_json::Error) -> FunctionError {
    FunctionError { error_type: "InvalidAnswer".into(), error_message: error.to_string() }
}

/// In the words of `lambda_runtime`.
fn panicked(panic: &(dyn std::any::Any + Send)) -> FunctionError {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let error_message = text.map_or_else(|| "Lambda panicked".to_owned(), |text| format!("Lambda panicked: {text}"));
    tracing::error!(error = %error_message, "the handler panicked");
    FunctionError { error_type: "Panic".into(), error_message }
}
