use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

use super::error::ItemError;

/// Makes a set of a list of strings, numbers or bytes. An empty one has no attribute.
pub(super) fn of_list(list: AttributeValue) -> Result<Option<AttributeValue>, ItemError> {
    let AttributeValue::L(elements) = list else { return Err(mixed()) };
    let set = match elements.first() {
        None => return Ok(None),
        Some(AttributeValue::S(_)) => AttributeValue::Ss(all(elements, string)?),
        Some(AttributeValue::N(_)) => AttributeValue::Ns(all(elements, number)?),
        Some(AttributeValue::B(_)) => AttributeValue::Bs(all(elements, bytes)?),
        Some(_) => return Err(mixed()),
    };
    Ok(Some(set))
}

fn all<T>(elements: Vec<AttributeValue>, of_type: fn(AttributeValue) -> Option<T>) -> Result<Vec<T>, ItemError> {
    elements.into_iter().map(of_type).collect::<Option<_>>().ok_or_else(mixed)
}

fn string(element: AttributeValue) -> Option<String> {
    if let AttributeValue::S(text) = element { Some(text) } else { None }
}

fn number(element: AttributeValue) -> Option<String> {
    if let AttributeValue::N(text) = element { Some(text) } else { None }
}

fn bytes(element: AttributeValue) -> Option<Blob> {
    if let AttributeValue::B(blob) = element { Some(blob) } else { None }
}

fn mixed() -> ItemError {
    ItemError::new("the elements of a set are all strings, all numbers or all bytes, and none is `None`")
}
