//! DynamoDB's numbers: decimal, of 38 significant digits, from 1E-130 to 9.99…E+125, sent as text.

use std::{
    any::type_name,
    fmt::{Display, LowerExp},
    str::FromStr,
};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::Visitor;

use super::{super::Number, error::ItemError};

const SIGNIFICANT_DIGITS: usize = 38;

/// A whole number of up to 64 bits, which has at most 20 digits.
pub(super) fn integer(value: impl Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A whole number of 128 bits, which can have 39 digits.
pub(super) fn wide_integer(value: impl Display) -> Result<AttributeValue, ItemError> {
    let text = value.to_string();
    let significant = text.trim_start_matches('-').trim_end_matches('0').len();
    if significant > SIGNIFICANT_DIGITS {
        return Err(ItemError::new(format!(
            "{text} has more than the {SIGNIFICANT_DIGITS} digits of DynamoDB's numbers"
        )));
    }
    Ok(AttributeValue::N(text))
}

/// A decimal of ours, which has made itself known.
pub(super) fn of_text(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::N(text),
        other => other,
    }
}

/// The shortest decimal that reads back as the same float.
pub(super) fn float<F: Into<f64> + Copy + Display + LowerExp>(value: F) -> Result<AttributeValue, ItemError> {
    let magnitude = value.into().abs();
    if !magnitude.is_finite() {
        return Err(ItemError::new(format!("DynamoDB has no number for {value}")));
    }
    if magnitude != 0.0 && !(1e-130..1e126).contains(&magnitude) {
        return Err(ItemError::new(format!(
            "{value:e} is not between 1E-130 and 9.99E+125, where DynamoDB's numbers are"
        )));
    }
    let plain = magnitude == 0.0 || (1e-6..1e21).contains(&magnitude);
    Ok(AttributeValue::N(if plain { value.to_string() } else { format!("{value:e}") }))
}

/// Reads a number as a whole number of the wanted type, or a float.
pub(super) fn parse<T: FromStr>(text: &str) -> Result<T, ItemError> {
    let parsed = text.parse().ok().or_else(|| whole(text)?.parse().ok());
    parsed.ok_or_else(|| ItemError::new(format!("the number {text} is no {}", type_name::<T>())))
}

/// `5.0` and `1E+2` are whole numbers too. Beyond 2^53 a float may be another number than the text.
fn whole(text: &str) -> Option<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value: f64 = text.parse().ok()?;
    (value.fract() == 0.0 && value.abs() <= EXACT).then(|| value.to_string())
}

/// Gives a number to a type that does not say which it wants, as the narrowest that holds it. One that has more digits than
/// a float is given as text, so that a [`Number`] loses none where serde buffers values, as beside flattened fields.
pub(super) fn visit_any<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, ItemError> {
    if let Ok(value) = parse::<u64>(text) {
        visitor.visit_u64(value)
    } else if let Ok(value) = parse::<i64>(text) {
        visitor.visit_i64(value)
    } else {
        let value: f64 = parse(text)?;
        let exact = Number::try_from(value).is_ok_and(|float| text.parse() == Ok(float));
        if exact { visitor.visit_f64(value) } else { visitor.visit_str(text) }
    }
}
