use serde::Serialize;
use skyloom_manifest::bridge::FunctionError;

use super::{Batch, Record};
use crate::{Error, Rejection, reply::Answer, schedule::Outcome};

/// `ReportBatchItemFailures`: what is from the first failed record on is delivered again.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failures<'a> {
    batch_item_failures: Vec<Failure<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Failure<'a> {
    pub(super) item_identifier: &'a str,
}

fn report<'a>(sequence_numbers: impl Iterator<Item = &'a str>) -> Result<Answer, FunctionError> {
    let batch_item_failures = sequence_numbers.map(|item_identifier| Failure { item_identifier }).collect();
    Answer::json(&Failures { batch_item_failures })
        .map_err(|error| FunctionError { error_type: "Internal".into(), error_message: error.to_string() })
}

/// All records are done.
pub fn batch_done() -> Result<Answer, FunctionError> {
    report(std::iter::empty())
}

/// This record failed; it and those behind it are delivered again, those before it are done.
pub fn record_failed(record: &Record<'_>, error: Error) -> Result<Answer, FunctionError> {
    log(record, &error);
    report(std::iter::once(record.sequence_number()))
}

/// Why an argument for a record could not be had.
pub fn reject(rejection: Rejection) -> Error {
    rejection.into()
}

/// Whether the handler took the record.
pub fn record_reply<R: Outcome>(reply: R) -> Result<(), Error> {
    reply.outcome()
}

/// What a handler of a whole batch may return.
#[diagnostic::on_unimplemented(
    message = "a handler of a batch cannot return `{Self}`",
    label = "does not say which records failed",
    note = "return nothing, a `Result<(), skyloom::Error>` for the whole batch, or a `Vec` of one for each record",
    note = "a `Result` of such a `Vec` can fail as a whole, or in parts"
)]
pub trait BatchOutcome {
    /// The records that failed, by their place in the batch, with the reason.
    fn failures(self, records: usize) -> Result<Vec<(usize, Error)>, Error>;
}

impl BatchOutcome for () {
    fn failures(self, _: usize) -> Result<Vec<(usize, Error)>, Error> {
        Ok(Vec::new())
    }
}

impl<E: Into<Error>> BatchOutcome for Result<(), E> {
    fn failures(self, _: usize) -> Result<Vec<(usize, Error)>, Error> {
        self.map(|()| Vec::new()).map_err(Into::into)
    }
}

impl<E: Into<Error>> BatchOutcome for Vec<Result<(), E>> {
    fn failures(self, records: usize) -> Result<Vec<(usize, Error)>, Error> {
        if self.len() != records {
            let message = format!("the handler returned {} results for {records} records", self.len());
            return Err(Error::internal(message));
        }
        let numbered = self.into_iter().enumerate();
        Ok(numbered.filter_map(|(at, result)| result.err().map(|error| (at, error.into()))).collect())
    }
}

impl<E: Into<Error>, F: Into<Error>> BatchOutcome for Result<Vec<Result<(), E>>, F> {
    fn failures(self, records: usize) -> Result<Vec<(usize, Error)>, Error> {
        self.map_err(Into::into)?.failures(records)
    }
}

/// Reports which records of the batch failed; a failed batch is reported from its first record on.
pub fn batch_reply<R: BatchOutcome>(batch: &Batch<'_>, reply: R) -> Result<Answer, FunctionError> {
    match reply.failures(batch.handled().0.len()) {
        Ok(failures) => report(failed(batch, &failures)),
        Err(error) => match batch.records().first() {
            Some(first) => record_failed(first, error),
            None => batch_done(),
        },
    }
}

/// The sequence numbers of the records that failed, and of the one that could not be read.
pub(super) fn failed<'b>(batch: &'b Batch<'_>, failures: &'b [(usize, Error)]) -> impl Iterator<Item = &'b str> {
    let (handled, unreadable) = batch.handled();
    failures.iter().for_each(|(at, error)| log(&handled[*at], error));
    failures.iter().map(|(at, _)| &handled[*at]).chain(unreadable).map(Record::sequence_number)
}

fn log(record: &Record<'_>, error: &Error) {
    tracing::error!(sequence_number = record.sequence_number(), error = %error.chain(), "a record failed and will be delivered again");
}
