use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::invoke::InvokeError;

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Succeeded,
    /// The first so many records succeeded, and all from there on are to come again.
    FailedFrom(usize),
    /// The function answered, but so that all of it counts as failed; why, for people.
    Malformed(String),
    /// The function failed; why, for people.
    Failed(String),
    /// The function was not reached.
    Throttled,
}

/// Reads a function's answer as Lambda does where `ReportBatchItemFailures` is on.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
pub(super) fn outcome(reply: &Result<Bytes, InvokeError>, sequence_numbers: &[&str]) -> Outcome {
    match reply {
        Ok(reply) => of_reply(reply, sequence_numbers),
        Err(InvokeError::Throttled) => Outcome::Throttled,
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// The same where the mapping has a tumbling window: without a `state` to hand on, the invocation counts as failed.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>
pub(super) fn outcome_in_window(
    reply: &Result<Bytes, InvokeError>,
    sequence_numbers: &[&str],
) -> (Outcome, Option<Box<RawValue>>) {
    let outcome = outcome(reply, sequence_numbers);
    if let Outcome::Malformed(_) | Outcome::Failed(_) | Outcome::Throttled = outcome {
        return (outcome, None);
    }
    let state = reply.as_ref().ok().and_then(|reply| serde_json::from_slice::<WindowReply>(reply).ok()?.state);
    match state {
        Some(state) => (outcome, Some(state)),
        None => (Outcome::Malformed("the answer has no `state`, which a tumbling window needs".into()), None),
    }
}

#[derive(Deserialize)]
struct WindowReply {
    state: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(rename = "batchItemFailures")]
    failures: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "itemIdentifier")]
    identifier: String,
}

/// An answer that reports nothing is a success, whatever else it is; a report that cannot be understood is a failure.
fn of_reply(reply: &[u8], sequence_numbers: &[&str]) -> Outcome {
    let Ok(reply) = serde_json::from_slice::<Value>(reply) else { return Outcome::Succeeded };
    if !reply.is_object() {
        return Outcome::Succeeded;
    }
    let failures = match serde_json::from_value(reply) {
        Ok(Reply { failures }) => failures.unwrap_or_default(),
        Err(error) => return Outcome::Malformed(format!("`batchItemFailures` is malformed: {error}")),
    };
    // The lowest failed record is the checkpoint: all from there on come again, in order.
    let mut lowest = None;
    for Item { identifier } in failures {
        match sequence_numbers.iter().position(|number| *number == identifier) {
            Some(at) => lowest = lowest.into_iter().chain([at]).min(),
            None => return Outcome::Malformed(format!("`itemIdentifier` \"{identifier}\" is not in the batch")),
        }
    }
    lowest.map_or(Outcome::Succeeded, Outcome::FailedFrom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reply: &str) -> Outcome {
        outcome(&Ok(Bytes::copy_from_slice(reply.as_bytes())), &["1", "2", "3"])
    }

    #[test]
    fn an_answer_without_failures_is_a_success() {
        for reply in ["", "null", "{}", r#"{"batchItemFailures":[]}"#, r#"{"batchItemFailures":null}"#, "7", "\"x\""] {
            assert_eq!(of(reply), Outcome::Succeeded, "{reply}");
        }
    }

    #[test]
    fn the_lowest_failure_counts() {
        let reply = r#"{"batchItemFailures":[{"itemIdentifier":"3"},{"itemIdentifier":"2"}]}"#;
        assert_eq!(of(reply), Outcome::FailedFrom(1));
    }

    #[test]
    fn a_report_that_cannot_be_understood_fails_the_whole_batch() {
        for reply in [
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"id":"1"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"2"},{"itemIdentifier":"9"}]}"#,
            r#"{"batchItemFailures":"1"}"#,
        ] {
            assert!(matches!(of(reply), Outcome::Malformed(_)), "{reply}");
        }
    }

    #[test]
    fn a_throttled_batch_has_not_failed() {
        assert_eq!(outcome(&Err(InvokeError::Throttled), &["1"]), Outcome::Throttled);
    }

    #[test]
    fn a_window_needs_a_state() {
        let of = |reply: &str| outcome_in_window(&Ok(Bytes::copy_from_slice(reply.as_bytes())), &["1", "2"]);
        let (outcome, state) = of(r#"{"state":{"sum":1},"batchItemFailures":[{"itemIdentifier":"2"}]}"#);
        assert_eq!((outcome, state.unwrap().get()), (Outcome::FailedFrom(1), r#"{"sum":1}"#));
        for reply in ["", "null", "{}", r#"{"batchItemFailures":[]}"#, r#"{"state":null}"#] {
            assert!(matches!(of(reply).0, Outcome::Malformed(_)), "{reply}");
        }
    }
}
