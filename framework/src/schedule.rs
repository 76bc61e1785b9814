//! Handlers that the clock runs.

use skyloom_manifest::bridge::FunctionError;

use crate::{Error, Rejection, Trigger, reply::Answer};

/// Marks the runs of `#[handler(schedule = "…")]`.
#[derive(Debug)]
pub struct Schedule;

impl Trigger for Schedule {
    type Event<'a> = ();
}

/// The event says nothing that an argument needs.
pub fn open(_: &[u8]) -> Result<(), FunctionError> {
    Ok(())
}

/// Fails the run, so that it is tried again.
pub fn reject(rejection: Rejection) -> Result<Answer, FunctionError> {
    Err(failed(Error::from(rejection)))
}

/// Ends the run; an error fails it, so that it is tried again.
pub fn reply<R: Outcome>(reply: R) -> Result<Answer, FunctionError> {
    reply.outcome().map(|()| Answer::Nothing).map_err(failed)
}

/// What a handler without a caller may return.
#[diagnostic::on_unimplemented(
    message = "a handler of this trigger cannot return `{Self}`",
    label = "nobody gets it",
    note = "return nothing, or a `Result<(), skyloom::Error>`"
)]
pub trait Outcome {
    /// Whether it worked.
    fn outcome(self) -> Result<(), Error>;
}

impl Outcome for () {
    fn outcome(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<E: Into<Error>> Outcome for Result<(), E> {
    fn outcome(self) -> Result<(), Error> {
        self.map_err(Into::into)
    }
}

/// The error as Lambda wants it; it is in the log as well.
pub(crate) fn failed(error: Error) -> FunctionError {
    let error_message = error.chain();
    tracing::error!(error = %error_message, "the handler failed");
    FunctionError { error_type: "HandlerFailed".into(), error_message }
}
