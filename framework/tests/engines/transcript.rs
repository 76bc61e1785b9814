//! What a handler asked, in the words of its source, and what it was told.

use std::{collections::BTreeMap, fmt::Debug};

use aws_sdk_dynamodb::types::AttributeValue;
use skyloom::table::{Cancellation, Error, Item};

/// What one handler was told, request by request.
pub(crate) type Lines = Vec<(String, String)>;

/// Awaits each request in turn and makes the handler's answer of all.
macro_rules! transcript {
    ($($request:expr;)*) => {
        skyloom::Json(vec![$($crate::transcript::line(stringify!($request), $request.await)),*])
    };
}
pub(crate) use transcript;

pub(crate) fn line<T: Debug>(request: &str, outcome: Result<T, Error>) -> (String, String) {
    let words: Vec<_> = request.split_whitespace().collect();
    let told = match outcome {
        Ok(value) => format!("{value:?}"),
        Err(error) => told(&error),
    };
    (words.join(" "), told)
}

/// An error as far as its text is not the engine's own.
fn told(error: &Error) -> String {
    match error {
        Error::ConditionFailed(found) => format!("the condition failed on {}", item(found.attributes())),
        Error::VersionConflict(found) => format!("the version is not that of {}", item(found.attributes())),
        Error::TransactionCancelled(cancelled) => {
            let parts = cancelled.parts().iter().map(|part| {
                format!("part {} ({} of {}): {}", part.index, part.action, part.item, reason(&part.reason))
            });
            format!("cancelled: {}", parts.collect::<Vec<_>>().join("; "))
        }
        Error::Refused { code, .. } => format!("refused: {code}"),
        Error::TableNotFound(_) => "the table does not exist".to_owned(),
        other => other.to_string(),
    }
}

fn reason(reason: &Cancellation) -> String {
    match reason {
        Cancellation::ConditionFailed(found) => format!("the condition failed on {}", item(found.as_ref())),
        Cancellation::Invalid(_) => "invalid".to_owned(),
        other => other.to_string(),
    }
}

/// An item with its attributes in order, and the elements of its sets too: neither has any in DynamoDB.
fn item(item: Option<&Item>) -> String {
    let Some(item) = item else { return "nothing".to_owned() };
    let sorted: BTreeMap<_, _> = item.iter().map(|(name, value)| (name, value_text(value))).collect();
    let attributes: Vec<_> = sorted.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{{}}}", attributes.join(", "))
}

fn value_text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => item(Some(map)),
        AttributeValue::L(list) => format!("[{}]", list.iter().map(value_text).collect::<Vec<_>>().join(", ")),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
            let mut set = set.clone();
            set.sort();
            format!("set of {set:?}")
        }
        other => format!("{other:?}"),
    }
}

/// All handlers' answers as they are kept beside the test.
pub(crate) fn text(all: &[(&str, Lines)]) -> String {
    let functions = all.iter().map(|(function, lines)| {
        let lines = lines.iter().map(|(request, told)| format!("{request}\n    {told}\n"));
        format!("== {function}\n\n{}", lines.collect::<Vec<_>>().join("\n"))
    });
    functions.collect::<Vec<_>>().join("\n")
}
