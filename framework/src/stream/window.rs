//! Tumbling windows: state that one invocation hands to the next.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
use skyloom_manifest::bridge::FunctionError;

use super::{
    Batch, BatchOutcome as _, StreamBatch,
    outcome::{Failure, failed},
};
use crate::{Error, FromEvent, Rejection, Scope, reply::Answer, schedule};

/// The window that a batch belongs to, in a handler with `tumbling_window = "1m"`, and the state so far.
///
/// The handler returns the new state, which the next invocation of the same window gets. When the window is over, it
/// runs once more without records: then [`is_last`](Self::is_last) is set, and the result can be put somewhere. The state
/// is a struct or a map, of at most 1 MB; it begins with its `Default`.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Change, Error, Table, Window, Write, handler};
/// # #[derive(Table, Serialize, Deserialize)]
/// # #[table(stream = "new-and-old-images")]
/// # struct Sale { #[partition_key] id: String, cents: u64 }
/// # #[derive(Table, Serialize, Deserialize)]
/// # struct Turnover { #[partition_key] minute: String, cents: u64 }
/// #[derive(Default, Serialize, Deserialize)]
/// struct Sum {
///     cents: u64,
/// }
///
/// #[handler(stream = Sale, filter(event = "insert"), tumbling_window = "1m")]
/// async fn add_up(sales: Vec<Change<Sale>>, window: Window<Sum>, turnovers: Write<Turnover>) -> Result<Sum, Error> {
///     let mut sum = window.state;
///     sum.cents += sales.into_iter().filter_map(Change::into_new).map(|sale| sale.cents).sum::<u64>();
///     if window.is_last {
///         turnovers.put(&Turnover { minute: window.start, cents: sum.cents }).await?;
///     }
///     Ok(sum)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window<S> {
    /// What the invocation before returned.
    pub state: S,
    /// When the window begins, as AWS writes it: `2025-01-01T00:00:00Z`.
    pub start: String,
    /// When the window ends, and the next begins.
    pub end: String,
    /// The shard whose records these are: each has its own state.
    pub shard_id: String,
    /// Whether this is the last invocation of the window, which has no records.
    pub is_last: bool,
    /// Whether the window ends now because its state is over 1 MB.
    pub is_terminated_early: bool,
}

impl<T: 'static, S: Default + DeserializeOwned> FromEvent<StreamBatch<T>> for Window<S> {
    async fn from_event<'a>(batch: &'a Batch<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let bounds = batch.window.as_ref().ok_or(Rejection::Internal(
            "the event is of no window: the event source mapping has to have a `TumblingWindowInSeconds`".into(),
        ))?;
        Ok(Self {
            state: state(batch.state)?,
            start: bounds.start.clone(),
            end: bounds.end.clone(),
            shard_id: batch.shard_id.clone(),
            is_last: batch.is_final_invoke_for_window,
            is_terminated_early: batch.is_window_terminated_early,
        })
    }
}

/// A window begins with an empty object.
fn state<S: Default + DeserializeOwned>(state: Option<&RawValue>) -> Result<S, Rejection> {
    match state.map(RawValue::get) {
        None | Some("{}" | "null") => Ok(S::default()),
        Some(state) => serde_json::from_str(state)
            .map_err(|error| Rejection::Internal(format!("the window's state does not fit: {error}").into())),
    }
}

/// What a handler with a tumbling window may return.
#[diagnostic::on_unimplemented(
    message = "a handler with the window's state `{S}` cannot return `{Self}`",
    label = "is not the new state",
    note = "return the state, or `(state, results)` with a `Vec` of a result for each record, or a `Result` of one of these"
)]
pub trait WindowOutcome<S> {
    /// The new state, and the records that failed by their place in the batch.
    fn state(self, records: usize) -> Result<(S, Vec<(usize, Error)>), Error>;
}

impl<S> WindowOutcome<S> for S {
    fn state(self, _: usize) -> Result<(S, Vec<(usize, Error)>), Error> {
        Ok((self, Vec::new()))
    }
}

impl<S, E: Into<Error>> WindowOutcome<S> for (S, Vec<Result<(), E>>) {
    fn state(self, records: usize) -> Result<(S, Vec<(usize, Error)>), Error> {
        Ok((self.0, self.1.failures(records)?))
    }
}

impl<S, E: Into<Error>> WindowOutcome<S> for Result<S, E> {
    fn state(self, _: usize) -> Result<(S, Vec<(usize, Error)>), Error> {
        self.map(|state| (state, Vec::new())).map_err(Into::into)
    }
}

impl<S, E: Into<Error>, F: Into<Error>> WindowOutcome<S> for Result<(S, Vec<Result<(), E>>), F> {
    fn state(self, records: usize) -> Result<(S, Vec<(usize, Error)>), Error> {
        self.map_err(Into::into)?.state(records)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimeWindowEventResponse<'a> {
    state: &'a RawValue,
    batch_item_failures: Vec<Failure<'a>>,
}

/// Hands the state on. Without one Lambda takes the invocation for a failed one, so that a failure is one.
pub fn window_reply<S: Serialize, R: WindowOutcome<S>>(batch: &Batch<'_>, reply: R) -> Result<Answer, FunctionError> {
    let (state, failures) = reply.state(batch.handled().0.len()).map_err(schedule::failed)?;
    let state = to_raw_value(&state).map_err(|error| invalid(format!("the window's state is no JSON: {error}")))?;
    if !state.get().starts_with('{') {
        return Err(invalid("the window's state has to be a struct or a map".into()));
    }
    let batch_item_failures = failed(batch, &failures).map(|item_identifier| Failure { item_identifier }).collect();
    Answer::json(&TimeWindowEventResponse { state: &state, batch_item_failures })
        .map_err(|error| invalid(error.to_string()))
}

fn invalid(error_message: String) -> FunctionError {
    FunctionError { error_type: "InvalidState".into(), error_message }
}
