//! Stores a decimal of any crate as a DynamoDB number: `#[serde(with = "skyloom::table::as_number")]`.
//!
//! It is for every type that prints and parses decimals, as `rust_decimal::Decimal` and `bigdecimal::BigDecimal` do. A
//! stored number with more digits than the type holds is an error, never rounded.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! # mod rust_decimal { pub type Decimal = skyloom::table::Number; }
//! use rust_decimal::Decimal;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Invoice {
//!     #[serde(with = "skyloom::table::as_number")]
//!     total: Decimal,
//!     #[serde(with = "skyloom::table::as_number::option", default)]
//!     discount: Option<Decimal>,
//! }
//!
//! let item = skyloom::table::to_item(&Invoice { total: "19.90".parse()?, discount: None })?;
//! assert_eq!(item["total"].as_n(), Ok(&"19.9".to_owned()));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use std::{any::type_name, fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{Number, NumberError};

/// Writes it as a number.
///
/// # Errors
/// When DynamoDB has no such number.
pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    number_of(value)
        .map_err(|error| ser::Error::custom(format!("{value} cannot be stored: {error}")))?
        .serialize(serializer)
}

/// Reads it from a number.
///
/// # Errors
/// When there is no number, or the type does not hold it.
pub fn deserialize<'de, T: Display + FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let number = Number::deserialize(deserializer)?;
    exactly(number).ok_or_else(|| de::Error::custom(format!("{number} does not fit a {}", type_name::<T>())))
}

fn number_of(value: &impl Display) -> Result<Number, NumberError> {
    value.to_string().parse()
}

/// Some types round what they parse.
fn exactly<T: Display + FromStr>(number: Number) -> Option<T> {
    let value: T = number.to_string().parse().ok()?;
    (number_of(&value) == Ok(number)).then_some(value)
}

/// The same for an `Option`, whose `None` is an absent attribute: `#[serde(with = "skyloom::table::as_number::option", default)]`.
pub mod option {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes it as a number, if there is one.
    ///
    /// # Errors
    /// When DynamoDB has no such number.
    pub fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(AsNumber).serialize(serializer)
    }

    /// Reads it from a number, if there is one.
    ///
    /// # Errors
    /// When there is something else, or the type does not hold it.
    pub fn deserialize<'de, T: Display + FromStr, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(|AsNumber(value)| value))
    }

    struct AsNumber<T>(T);

    impl<T: Display> Serialize for AsNumber<&T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            super::serialize(self.0, serializer)
        }
    }

    impl<'de, T: Display + FromStr> Deserialize<'de> for AsNumber<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            super::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{
        super::item::{from_item, parse_json, to_item, to_json},
        *,
    };

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Invoice {
        #[serde(with = "super")]
        total: f64,
        #[serde(with = "super::option", default)]
        discount: Option<f64>,
    }

    #[test]
    fn a_type_that_prints_and_parses_is_a_number() {
        let invoice = Invoice { total: -0.25, discount: Some(1e30) };
        let item = to_item(&invoice).unwrap();
        expect![[r#"{"discount":{"N":"1000000000000000000000000000000"},"total":{"N":"-0.25"}}"#]]
            .assert_eq(&to_json(&item));
        assert_eq!(from_item::<Invoice>(item).unwrap(), invoice);
    }

    #[test]
    fn none_is_an_absent_attribute() {
        let invoice = Invoice { total: 1.0, discount: None };
        let item = to_item(&invoice).unwrap();
        expect![[r#"{"total":{"N":"1"}}"#]].assert_eq(&to_json(&item));
        assert_eq!(from_item::<Invoice>(item).unwrap(), invoice);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_rounded() {
        let error = to_item(&Invoice { total: f64::NAN, discount: None }).unwrap_err();
        expect!["`total`: NaN cannot be stored: a number is written as `-12.5` or `1.25e-3`"]
            .assert_eq(&error.to_string());
        let item = parse_json(r#"{"total":{"N":"0.12345678901234567890123"}}"#).unwrap();
        expect!["`total`: 0.12345678901234567890123 does not fit a f64"]
            .assert_eq(&from_item::<Invoice>(item).unwrap_err().to_string());
    }
}
