//! What the engine never gets to see.
//!
//! Its parsers recurse, and a stack overflow ends the process, so whatever could nest deeper than DynamoDB allows is
//! refused here, in DynamoDB's words.

use serde_json::Value;

use super::{decode, expression, operation::Operation, wire::Failure};

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// DynamoDB's own reader gives up between 2,000 and 5,000 levels of an attribute, which are two levels of JSON each.
const MOST_READABLE_LEVELS: usize = 4_000;
/// A `Limit` has 32 bits; DynamoDB takes a greater one for the greatest.
const MOST_LIMIT: u64 = i32::MAX.unsigned_abs() as u64;
const TOO_NESTED: &str = "Nesting Levels have exceeded supported limits: \
     Attributes in the item have nested levels beyond supported limit";

/// The request as JSON, if it is safe to hand on.
pub(super) fn admit(operation: Operation, body: &[u8]) -> Result<Value, Failure> {
    if body.len() > MOST_BYTES {
        return Err(Failure::TooLarge);
    }
    let mut request: Value = serde_json::from_slice(body).map_err(|error| unreadable(&error, body))?;
    if !request.is_object() {
        return Err(Failure::Unreadable);
    }
    check_expressions(operation, &request)?;
    if let Some(limit) = request.get_mut("Limit").filter(|limit| limit.as_u64() > Some(MOST_LIMIT)) {
        *limit = MOST_LIMIT.into();
    }
    Ok(request)
}

/// `serde_json` stops at 128 levels, far beyond an item's 32. DynamoDB still reads such a body and names the limit.
fn unreadable(error: &serde_json::Error, body: &[u8]) -> Failure {
    let is_too_deep = error.to_string().starts_with("recursion limit exceeded");
    match balanced_depth(body) {
        Some(depth) if is_too_deep && depth <= MOST_READABLE_LEVELS => Failure::invalid(TOO_NESTED),
        _ => Failure::Unreadable,
    }
}

/// How deep the brackets of a JSON text nest, if they are balanced.
fn balanced_depth(text: &[u8]) -> Option<usize> {
    let (mut open, mut deepest) = (Vec::new(), 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => open.push(*byte),
            b'}' | b']' if open.pop()? + 2 != *byte => return None,
            _ => {}
        }
        deepest = deepest.max(open.len());
    }
    open.is_empty().then_some(deepest)
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'"' => return,
            _ => {}
        }
    }
}

/// Looks at every expression, wherever it is in the request.
///
/// A user's data cannot be taken for one: attributes are objects, and here only strings are looked at.
fn check_expressions(operation: Operation, value: &Value) -> Result<(), Failure> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, member)| match member {
            Value::String(text) if expression::KINDS.contains(&name.as_str()) => {
                expression::check(name, text).map_err(|why| refusal(operation, name, &why))
            }
            _ => check_expressions(operation, member),
        }),
        Value::Array(elements) => elements.iter().try_for_each(|element| check_expressions(operation, element)),
        _ => Ok(()),
    }
}

fn refusal(operation: Operation, expression: &str, why: &str) -> Failure {
    let message = format!("Invalid {expression}: {why}");
    match operation {
        Operation::PutItem | Operation::UpdateItem | Operation::DeleteItem => {
            Failure::invalid(decode::enveloped(&message))
        }
        _ => Failure::invalid(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(operation: Operation, body: &str) -> String {
        match admit(operation, body.as_bytes()) {
            Ok(_) => "admitted".into(),
            Err(Failure::Refused(error)) => error.to_string(),
            Err(other) => format!("{other:?}"),
        }
    }

    fn nested(levels: usize) -> String {
        format!(r#"{{"Item":{{"a":{}{{"S":"x"}}{}}}}}"#, r#"{"L":["#.repeat(levels), "]}".repeat(levels))
    }

    #[test]
    fn what_is_no_json_object_is_unreadable() {
        for body in ["", "[]", "7", "{", r#"{"TableName":}"#, "\u{0}"] {
            assert_eq!(message(Operation::PutItem, body), "Unreadable", "{body:?}");
        }
    }

    #[test]
    fn deep_json_is_refused_whether_or_not_it_is_complete() {
        assert_eq!(message(Operation::PutItem, &"[".repeat(100_000)), "Unreadable");
        assert_eq!(message(Operation::PutItem, &nested(1_000)), TOO_NESTED);
        assert_eq!(message(Operation::PutItem, &nested(10_000)), "Unreadable");
        assert_eq!(message(Operation::PutItem, &nested(31)), "admitted");
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(balanced_depth(br#"{"a":"[[[\"[[","b":[]}"#), Some(2));
        assert_eq!(balanced_depth(b"[}"), None);
        assert_eq!(balanced_depth(b"]"), None);
    }

    #[test]
    fn an_expression_is_found_inside_a_transaction() {
        let deep = "(".repeat(400);
        let body = format!(r#"{{"TransactItems":[{{"Put":{{"ConditionExpression":"{deep}"}}}}]}}"#);
        let expected = "Invalid ConditionExpression: The expression has redundant parentheses;";
        assert_eq!(message(Operation::TransactWriteItems, &body), expected);
        let body = format!(r#"{{"ConditionExpression":"{deep}"}}"#);
        assert_eq!(message(Operation::PutItem, &body), format!("1 validation error detected: {expected}"));
    }

    #[test]
    fn a_limit_is_no_greater_than_can_be() {
        let limit = |body: &str| admit(Operation::ExecuteStatement, body.as_bytes()).unwrap()["Limit"].clone();
        assert_eq!(limit(r#"{"Limit":9223372036854775808}"#), i32::MAX);
        assert_eq!(limit(r#"{"Limit":7}"#), 7);
        assert_eq!(limit(r#"{"Limit":-1}"#), -1);
    }

    #[test]
    fn an_attribute_named_like_an_expression_is_only_an_attribute() {
        let deep = "(".repeat(400);
        let body = format!(r#"{{"Item":{{"FilterExpression":{{"S":"{deep}"}}}}}}"#);
        assert_eq!(message(Operation::PutItem, &body), "admitted");
    }

    #[test]
    fn a_body_over_16_mb_is_too_large() {
        assert_eq!(message(Operation::BatchWriteItem, &" ".repeat(MOST_BYTES + 1)), "TooLarge");
    }
}
