use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};
use skyloom_manifest::AttributeType;

use super::{item::NUMBER, key::Key};

const MAX_DIGITS: usize = 38;
/// The places of the first digit, as powers of ten.
const PLACES: std::ops::RangeInclusive<i64> = -130..=125;

/// A number as DynamoDB has it: decimal, of up to 38 significant digits, from 1E-130 to 9.99…E+125, without loss.
///
/// It is made from text and integers, compares as a number, prints as DynamoDB returns it, and can be a key. In JSON it is a
/// string, because most readers of JSON take a number for a float. To calculate, use a crate for decimals, and
/// [`as_number`](super::as_number) to store its type.
///
/// ```
/// use skyloom::table::Number;
///
/// let price: Number = "12345678901234567890.1230".parse()?;
/// assert_eq!(price.to_string(), "12345678901234567890.123");
/// assert!(price > Number::from(7));
/// assert!("1e126".parse::<Number>().is_err());
/// # Ok::<_, skyloom::table::NumberError>(())
/// ```
// Equal numbers are equal field by field: the coefficient has no zeros at its end, and zero is not negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// Below 10^38.
    coefficient: u128,
    exponent: i16,
}

/// Why a text is no [`Number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// It is not written as one.
    #[error("a number is written as `-12.5` or `1.25e-3`")]
    Syntax,
    /// It has too many digits.
    #[error("a number has up to 38 significant digits in DynamoDB")]
    Digits,
    /// It is too large, or too close to zero.
    #[error("a number is between 1E-130 and 9.99E+125 in DynamoDB, or zero, or the negative of one")]
    Range,
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::Syntax);
        }
        let exponent: i32 = exponent.parse().map_err(|_| NumberError::Syntax)?;
        let places = i64::try_from(fraction.len()).map_err(|_| NumberError::Digits)?;
        Self::of_digits(negative, &digits, i64::from(exponent) - places)
    }
}

impl Number {
    fn of_digits(negative: bool, digits: &str, exponent: i64) -> Result<Self, NumberError> {
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Ok(Self::default());
        }
        if significant.len() > MAX_DIGITS {
            return Err(NumberError::Digits);
        }
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let exponent = exponent + zeros as i64;
        if !PLACES.contains(&(exponent + significant.len() as i64 - 1)) {
            return Err(NumberError::Range);
        }
        let coefficient = significant.parse().map_err(|_| NumberError::Digits)?;
        Ok(Self { negative, coefficient, exponent: i16::try_from(exponent).map_err(|_| NumberError::Range)? })
    }

    /// A whole number of at most 38 digits.
    fn whole(negative: bool, mut coefficient: u128) -> Self {
        let mut exponent = 0;
        while coefficient != 0 && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        Self { negative: negative && coefficient != 0, coefficient, exponent }
    }

    /// Orders magnitudes: the place of the first digit, then the digits as if all had 38.
    fn magnitude(&self) -> Option<(i64, u128)> {
        let last = self.coefficient.checked_ilog10()?;
        let scale = 10_u128.pow(MAX_DIGITS as u32 - 1 - last);
        Some((i64::from(self.exponent) + i64::from(last), self.coefficient * scale))
    }
}

/// As DynamoDB returns it: without an exponent, and without zeros that say nothing.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.coefficient.to_string();
        let places = usize::from(self.exponent.unsigned_abs());
        let text = if self.exponent >= 0 {
            digits + &"0".repeat(places)
        } else if let Some(point) = digits.len().checked_sub(places).filter(|point| *point > 0) {
            format!("{}.{}", &digits[..point], &digits[point..])
        } else {
            format!("0.{digits:0>places$}")
        };
        f.pad_integral(!self.negative, "", &text)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude().cmp(&other.magnitude()),
            (true, true) => other.magnitude().cmp(&self.magnitude()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! of_integers {
    ($($type:ty)*) => {$(
        impl From<$type> for Number {
            fn from(value: $type) -> Self {
                let value = i128::from(value);
                Self::whole(value.is_negative(), value.unsigned_abs())
            }
        }
    )*};
}

of_integers! { u8 u16 u32 u64 i8 i16 i32 i64 }

macro_rules! of_text {
    ($($type:ty: $format:literal)*) => {$(
        impl TryFrom<$type> for Number {
            type Error = NumberError;

            fn try_from(value: $type) -> Result<Self, NumberError> {
                format!($format, value).parse()
            }
        }
    )*};
}

of_text! { u128: "{}" i128: "{}" f32: "{:e}" f64: "{:e}" }

impl Key for Number {
    const TYPE: AttributeType = AttributeType::N;
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(NUMBER, &Text(self))
    }
}

struct Text<'a>(&'a Number);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NUMBER, NumberVisitor)
    }
}

struct NumberVisitor;

macro_rules! visit {
    ($($method:ident $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<Number, E> {
            Number::try_from(value).map_err(|error| E::custom(format!("{value} cannot be stored: {error}")))
        }
    )*};
}

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Number, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map_err(|error| E::custom(format!("`{text}` is no number of DynamoDB's: {error}")))
    }

    visit! { visit_u64 u64, visit_i64 i64, visit_u128 u128, visit_i128 i128, visit_f64 f64 }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::{
        super::item::{from_item, parse_json, to_item, to_json},
        *,
    };

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn it_prints_as_dynamodb_returns_it() {
        let pairs = [
            ("0", "0"),
            ("-0.00", "0"),
            ("+007", "7"),
            ("-12.50", "-12.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1.25E-3", "0.00125"),
            ("120e-1", "12"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
            ("0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"),
        ];
        for (text, normal) in pairs {
            assert_eq!(number(text).to_string(), normal, "{text}");
        }
        assert_eq!(number("-9e125").to_string(), format!("-9{}", "0".repeat(125)));
        assert_eq!(number("1e-130").to_string(), format!("0.{}1", "0".repeat(129)));
        assert_eq!(format!("{:>6}|{:<4}|", number("-1.5"), number("2")), "  -1.5|2   |");
    }

    #[test]
    fn the_range_is_dynamodbs() {
        let nines = "9".repeat(38);
        for text in [format!("{nines}e88"), format!("-{nines}e88"), "1e-130".into(), "-1e-130".into(), "0e999".into()] {
            assert!(text.parse::<Number>().is_ok(), "{text}");
        }
        for text in ["1e126", "-1e126", "9e-131", "10e125", "1e2147483647", "1e-2147483648"] {
            assert_eq!(text.parse::<Number>(), Err(NumberError::Range), "{text}");
        }
        assert_eq!(format!("{nines}1").parse::<Number>(), Err(NumberError::Digits));
        assert!(format!("{nines}0").parse::<Number>().is_ok());
        for text in ["", "-", ".", "e5", "1e", "1 ", "--1", "+-1", "0x1", "1e5.0", "NaN", "inf", "1.2.3", "١", "−1"]
        {
            assert_eq!(text.parse::<Number>(), Err(NumberError::Syntax), "{text}");
        }
    }

    #[test]
    fn other_numbers_become_it() {
        assert_eq!(Number::from(-1_200_i64), number("-1200"));
        assert_eq!(Number::from(u64::MAX), number("18446744073709551615"));
        assert_eq!(Number::try_from(0.1_f64), Ok(number("0.1")));
        assert_eq!(Number::try_from(f64::NAN), Err(NumberError::Syntax));
        assert_eq!(Number::try_from(u128::MAX), Err(NumberError::Digits));
        assert_eq!(Number::try_from(-10_i128.pow(38)), Ok(number("-1e38")));
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Price {
        cents: Number,
    }

    fn read(json: &str) -> Result<Number, String> {
        parse_json(json).and_then(from_item::<Price>).map(|price| price.cents).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_stored_as_a_number_with_all_its_digits() {
        let price = Price { cents: number("12345678901234567890123456.789012345678") };
        let item = to_item(&price).unwrap();
        expect![[r#"{"cents":{"N":"12345678901234567890123456.789012345678"}}"#]].assert_eq(&to_json(&item));
        assert_eq!(from_item::<Price>(item).unwrap(), price);
        assert_eq!(read(r#"{"cents":{"N":"1E+2"}}"#), Ok(number("100")));
    }

    #[test]
    fn another_type_is_not_taken_for_a_number() {
        expect![[r#"`cents`: invalid type: string "5", expected a number"#]]
            .assert_eq(&read(r#"{"cents":{"S":"5"}}"#).unwrap_err());
        expect!["`cents`: invalid type: boolean `true`, expected a number"]
            .assert_eq(&read(r#"{"cents":{"BOOL":true}}"#).unwrap_err());
        expect!["`cents`: `1e200` is no number of DynamoDB's: a number is between 1E-130 and 9.99E+125 in DynamoDB, or zero, or the negative of one"]
            .assert_eq(&read(r#"{"cents":{"N":"1e200"}}"#).unwrap_err());
    }

    #[test]
    fn no_digit_is_lost_beside_flattened_fields() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Product {
            id: String,
            #[serde(flatten)]
            price: Price,
        }
        for text in ["12345678901234567890123456.789012345678", "1.5", "-7", "99999999999999999999"] {
            let product = Product { id: "a".into(), price: Price { cents: number(text) } };
            assert_eq!(from_item::<Product>(to_item(&product).unwrap()).unwrap(), product, "{text}");
        }
    }

    #[test]
    fn in_json_it_is_a_string_and_may_be_a_number() {
        let price = Price { cents: number("0.1") };
        assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"cents":"0.1"}"#);
        for json in [r#"{"cents":"0.1"}"#, r#"{"cents":0.1}"#, r#"{"cents":1e-1}"#] {
            assert_eq!(serde_json::from_str::<Price>(json).unwrap(), price);
        }
        assert_eq!(serde_json::from_str::<Price>(r#"{"cents":-5}"#).unwrap().cents, number("-5"));
    }

    fn numbers() -> impl Strategy<Value = Number> {
        (any::<bool>(), 0..10_u128.pow(38), 0..=37_u32, -130..=88_i32).prop_map(
            |(negative, digits, shorter, exponent)| {
                let sign = if negative { "-" } else { "" };
                format!("{sign}{}e{exponent}", digits / 10_u128.pow(shorter)).parse().unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn its_text_reads_back(number in numbers()) {
            prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
        }

        #[test]
        fn it_orders_integers_as_they_are(a in any::<i64>(), b in any::<i64>(), exponent in -100..=80_i32) {
            let at = |value: i64| number(&format!("{value}e{exponent}"));
            prop_assert_eq!(at(a).cmp(&at(b)), a.cmp(&b));
        }

        #[test]
        fn it_orders_floats_as_they_are(a in -1e100..1e100_f64, b in -1.0..1.0_f64) {
            let (left, right) = (Number::try_from(a).unwrap(), Number::try_from(b).unwrap());
            prop_assert_eq!(Some(left.cmp(&right)), a.partial_cmp(&b));
        }
    }
}
