//! How large DynamoDB counts items.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::Item;

/// Names and values.
pub(super) fn size_of_item(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + size_of(value)).sum()
}

/// A value without its name. A list or map takes 3 bytes, and one more for each element.
pub(super) fn size_of(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => size_of_number(number),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|number| size_of_number(number)).sum(),
        AttributeValue::Bs(list) => list.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + size_of(value)).sum::<usize>(),
        AttributeValue::M(values) => 3 + values.len() + size_of_item(values),
        _ => 1, // `Bool`, `Null`, and what DynamoDB may have later
    }
}

/// One byte for two digits, and one more.
fn size_of_number(number: &str) -> usize {
    digits_of(number).div_ceil(2) + 1
}

/// The significant digits: zeros at both ends are none.
pub(super) fn digits_of(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits = || mantissa.bytes().filter(u8::is_ascii_digit);
    let leading = digits().take_while(|digit| *digit == b'0').count();
    let trailing = digits().rev().take_while(|digit| *digit == b'0').count();
    digits().count().saturating_sub(leading + trailing)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::item::parse_json, *};

    #[test]
    fn items_are_counted_as_dynamodb_counts_them() {
        let size = |item: serde_json::Value| size_of_item(&parse_json(&item.to_string()).unwrap());
        assert_eq!(size(json!({"id": {"S": "é"}})), 2 + 2);
        assert_eq!(size(json!({"n": {"N": "-0012300"}})), 1 + 3);
        assert_eq!(size(json!({"n": {"N": "0"}, "z": {"BOOL": true}})), 2 + 2);
        assert_eq!(size(json!({"l": {"L": [{"S": "ab"}, {"NULL": true}]}})), 1 + 3 + 2 + 3);
        assert_eq!(size(json!({"m": {"M": {"key": {"B": "AAAA"}}}})), 1 + 3 + 1 + 3 + 3);
        assert_eq!(size(json!({"s": {"SS": ["ab", "c"]}, "t": {"NS": ["12", "345"]}})), 2 + 3 + 2 + 3);
    }

    #[test]
    fn zeros_at_both_ends_are_not_significant() {
        for (number, digits) in [("0", 0), ("-0.0", 0), ("100", 1), ("0.0102", 3), ("1.5e-20", 2), ("1002", 4)] {
            assert_eq!(digits_of(number), digits, "{number}");
        }
    }
}
