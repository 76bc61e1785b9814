//! From a request's JSON to the engine's types, and the engine's own way of naming errors to DynamoDB's.

use dynoxide::errors::DynoxideError;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::operation::Operation;

/// Reads a request, with DynamoDB's error where it does not fit.
pub(super) fn request<T: DeserializeOwned>(request: Value) -> Result<T, DynoxideError> {
    serde_json::from_value(request).map_err(|error| refusal(&error.to_string()))
}

/// The engine's readers put DynamoDB's words into serde's error, behind a prefix that says which exception it is.
fn refusal(message: &str) -> DynoxideError {
    type Make = fn(String) -> DynoxideError;
    let prefixes: [(&str, Make); 5] = [
        ("SERIALIZATION_AS_READ:", DynoxideError::SerializationException),
        ("VALIDATION_AS_READ:", DynoxideError::ValidationException),
        ("SERIALIZATION:", DynoxideError::SerializationException),
        ("VALIDATION_REQUEST:", DynoxideError::EnvelopedValidation),
        ("VALIDATION:", DynoxideError::ValidationException),
    ];
    for (prefix, make) in prefixes {
        if let Some(rest) = message.strip_prefix(prefix) {
            return make(rest.to_owned());
        }
    }
    unmarked_refusal(message)
}

fn unmarked_refusal(message: &str) -> DynoxideError {
    if let Some(field) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return DynoxideError::ValidationException(missing(field));
    }
    if message.contains("empty AttributeValue") {
        return DynoxideError::ValidationException(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".into(),
        );
    }
    let is_validation = ["unknown variant", "invalid type: null", "Supplied AttributeValue"]
        .iter()
        .any(|start| message.contains(start));
    if is_validation {
        return DynoxideError::ValidationException(message.to_owned());
    }
    DynoxideError::SerializationException(mismatch(message))
}

/// What a member that has to be there is called in DynamoDB's refusal: `TableName` is `tableName`.
fn missing(field: &str) -> String {
    let mut letters = field.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    let member: String = first.into_iter().chain(letters).collect();
    format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    )
}

/// DynamoDB names a JSON value of the wrong type by what its own parser found and what it wanted.
fn mismatch(message: &str) -> String {
    let Some((found, wanted)) = message.strip_prefix("invalid type: ").and_then(|it| it.split_once(", expected "))
    else {
        return "Unexpected field type".into();
    };
    let (scalar, class) = match wanted {
        "a string" => ("String", "java.lang.String"),
        "a boolean" => ("Boolean", "java.lang.Boolean"),
        "i32" => ("Integer", "java.lang.Integer"),
        "i64" | "u64" | "usize" => ("Long", "java.lang.Long"),
        _ if found == "map" => return "Start of structure or map found where not expected".into(),
        _ => return "Unexpected field type".into(),
    };
    let token = match found {
        "map" => return "Start of structure or map found where not expected".into(),
        "sequence" => return format!("Unrecognized collection type class {class}"),
        "boolean `true`" => "TRUE_VALUE",
        "boolean `false`" => "FALSE_VALUE",
        _ if found.starts_with("string") && scalar == "Boolean" => {
            return "Unexpected token received from parser".into();
        }
        _ if found.starts_with("string") => "STRING_VALUE",
        _ if found.starts_with("floating point") => "DECIMAL_VALUE",
        _ => "NUMBER_VALUE",
    };
    format!("{token} cannot be converted to {scalar}")
}

/// The same refusal is worded differently by different operations; the engine leaves that to who speaks the protocol.
pub(super) fn as_answered_by(operation: Operation, error: DynoxideError) -> DynoxideError {
    match (operation, error) {
        (
            Operation::PutItem | Operation::UpdateItem | Operation::DeleteItem,
            DynoxideError::EnvelopedValidation(message),
        ) => DynoxideError::ValidationException(enveloped(&message)),
        (_, DynoxideError::EnvelopedValidation(message)) => DynoxideError::ValidationException(message),
        (Operation::ExecuteStatement, DynoxideError::ConditionalCheckFailedException(message, Some(item))) => {
            DynoxideError::StatementConditionalCheckFailed(message, item)
        }
        (_, error) => error,
    }
}

/// The form of a refusal that DynamoDB's validation makes before an operation runs.
pub(super) fn enveloped(message: &str) -> String {
    if message.starts_with("1 validation error detected: ") {
        return message.to_owned();
    }
    format!("1 validation error detected: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_the_wrong_type_is_named_as_dynamodb_does() {
        for (serde, dynamodb) in [
            ("invalid type: integer `23`, expected a string", "NUMBER_VALUE cannot be converted to String"),
            ("invalid type: floating point `2.5`, expected a string", "DECIMAL_VALUE cannot be converted to String"),
            ("invalid type: boolean `true`, expected a string", "TRUE_VALUE cannot be converted to String"),
            ("invalid type: sequence, expected a string", "Unrecognized collection type class java.lang.String"),
            ("invalid type: map, expected a string", "Start of structure or map found where not expected"),
            ("invalid type: string \"x\", expected a boolean", "Unexpected token received from parser"),
            ("invalid type: string \"x\", expected i64", "STRING_VALUE cannot be converted to Long"),
            ("invalid type: integer `1`, expected a map", "Unexpected field type"),
        ] {
            assert_eq!(mismatch(serde), dynamodb);
        }
    }

    #[test]
    fn no_mark_of_the_engine_is_left_in_a_message() {
        for marked in ["VALIDATION:no", "VALIDATION_REQUEST:no", "SERIALIZATION:no", "VALIDATION_AS_READ:no"] {
            assert_eq!(refusal(marked).to_string(), "no", "{marked}");
        }
    }

    #[test]
    fn a_member_that_is_missing_is_named() {
        let expected = "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: \
                        Member must not be null";
        assert_eq!(refusal("missing field `TableName`").to_string(), expected);
    }
}
