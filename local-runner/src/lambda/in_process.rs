use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::FutureExt;
use skyloom_manifest::bridge::{self, Application, FunctionError, Instance, Invocation, Transport};

use super::environment::{Environment, Failure, Log};
use crate::clock::Clock;

/// Starts a function of an application that is linked into this process.
pub(super) fn start(
    application: Application,
    (aws, clock): (&Transport, &Clock),
    function: &str,
    variables: BTreeMap<String, String>,
    log: Log,
) -> Result<Environment, Failure> {
    let around = bridge::Environment {
        variables: Arc::new(variables),
        aws: aws.clone(),
        log: Arc::new(move |line| log.line(line)),
        now: clock.teller(),
    };
    let started = catch_unwind(AssertUnwindSafe(|| (application.start)(function, around)));
    let instance = started.map_err(|panic| panicked(panic.as_ref()))?.map_err(Failure::Function)?;
    Ok(Environment::InProcess(instance))
}

/// A panic that the framework did not catch takes the environment with it, and nothing else.
pub(super) async fn invoke(instance: &dyn Instance, invocation: Invocation) -> Result<Bytes, Failure> {
    match AssertUnwindSafe(instance.invoke(invocation)).catch_unwind().await {
        Ok(answer) => answer.map_err(Failure::Function),
        Err(panic) => Err(panicked(panic.as_ref())),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let error_message = text.unwrap_or("the handler panicked").to_owned();
    Failure::Function(FunctionError { error_type: "Panic".into(), error_message })
}
