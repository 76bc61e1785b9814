//! Numbers of DynamoDB, of up to 38 digits, compared without loss.

use std::cmp::Ordering;

/// Which of two decimal numbers is the greater; nothing if one is no number.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Decimal::parse(a)?, Decimal::parse(b)?);
    let magnitudes = (a.exponent, &a.digits).cmp(&(b.exponent, &b.digits));
    Some(match (a.sign(), b.sign()) {
        (left, right) if left != right => left.cmp(&right),
        (-1, _) => magnitudes.reverse(),
        (0, _) => Ordering::Equal,
        _ => magnitudes,
    })
}

/// `0.digits × 10^exponent`, without zeros at either end of the digits.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>().ok()?.checked_add(point)?;
        Some(Self { negative, digits: digits.trim_matches('0').into(), exponent })
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value_and_not_by_text() {
        let ascending = ["-1E+2", "-99.5", "-0.1", "0", "0.001", "0.01", "1", "1.5", "9", "10", "1e2", "1E+100"];
        for (at, a) in ascending.iter().enumerate() {
            for (other, b) in ascending.iter().enumerate() {
                assert_eq!(compare(a, b), Some(at.cmp(&other)), "{a} and {b}");
            }
        }
    }

    #[test]
    fn all_38_digits_count() {
        let (a, b) = ("12345678901234567890123456789012345678", "12345678901234567890123456789012345679");
        assert_eq!(compare(a, b), Some(Ordering::Less));
        assert_eq!(compare("1.50", "1.5"), Some(Ordering::Equal));
        assert_eq!(compare("-0", "0.0"), Some(Ordering::Equal));
    }

    #[test]
    fn what_is_no_number_is_not_compared() {
        for text in ["", "-", ".", "1e", "a", "1.2.3"] {
            assert_eq!(compare(text, "1"), None, "{text}");
        }
    }
}
