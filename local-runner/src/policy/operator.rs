//! What the operators of conditions compare.

use std::{cmp::Ordering, net::IpAddr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    PolicyError,
    glob::{self, Piece},
    pattern::Pattern,
    truth::Truth,
};
use crate::access::Access;

/// An operator without its quantifier and its `IfExists`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Operator {
    pub(super) test: Test,
    /// Whether the test has to fail.
    pub(super) is_negated: bool,
}

/// A comparison of a value with an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Test {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Comparison),
    Date(Comparison),
    Bool,
    IpAddress,
    Arn,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

/// What a policy says a value is to be compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Pattern(Pattern),
    Number(f64),
    Date(Timestamp),
    Bool(bool),
    Network(IpAddr, u8),
}

impl Operator {
    pub(super) fn named(name: &str) -> Option<Self> {
        use Comparison as C;
        let (test, is_negated) = match name {
            "StringEquals" => (Test::StringEquals, false),
            "StringNotEquals" => (Test::StringEquals, true),
            "StringEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, true),
            "StringLike" => (Test::StringLike, false),
            "StringNotLike" => (Test::StringLike, true),
            "NumericEquals" => (Test::Numeric(C::Equals), false),
            "NumericNotEquals" => (Test::Numeric(C::Equals), true),
            "NumericLessThan" => (Test::Numeric(C::LessThan), false),
            "NumericLessThanEquals" => (Test::Numeric(C::LessThanEquals), false),
            "NumericGreaterThan" => (Test::Numeric(C::GreaterThan), false),
            "NumericGreaterThanEquals" => (Test::Numeric(C::GreaterThanEquals), false),
            "DateEquals" => (Test::Date(C::Equals), false),
            "DateNotEquals" => (Test::Date(C::Equals), true),
            "DateLessThan" => (Test::Date(C::LessThan), false),
            "DateLessThanEquals" => (Test::Date(C::LessThanEquals), false),
            "DateGreaterThan" => (Test::Date(C::GreaterThan), false),
            "DateGreaterThanEquals" => (Test::Date(C::GreaterThanEquals), false),
            "Bool" => (Test::Bool, false),
            "IpAddress" => (Test::IpAddress, false),
            "NotIpAddress" => (Test::IpAddress, true),
            "ArnEquals" | "ArnLike" => (Test::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
            "Null" => (Test::Null, false),
            _ => return None,
        };
        Some(Self { test, is_negated })
    }

    /// Reads an operand; only texts may have variables.
    pub(super) fn operand(self, text: &str, has_variables: bool, key: &str) -> Result<Operand, PolicyError> {
        let read = match self.test {
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn => {
                return Pattern::parse(text, has_variables).map(Operand::Pattern);
            }
            Test::Numeric(_) => number(text).map(Operand::Number),
            Test::Date(_) => date(text).map(Operand::Date),
            Test::Bool | Test::Null => bool(text).map(Operand::Bool),
            Test::IpAddress => network(text).map(|(address, prefix)| Operand::Network(address, prefix)),
        };
        read.ok_or_else(|| PolicyError::Condition(key.to_owned()))
    }
}

impl Test {
    /// A value that is not of the operator's kind can neither be said to fit nor not to.
    pub(super) fn holds(self, value: &str, operand: &Operand, access: &Access) -> Truth {
        let holds = match (self, operand) {
            (Self::StringEquals, Operand::Pattern(pattern)) => pattern.text(access).map(|text| text == value),
            (Self::StringEqualsIgnoreCase, Operand::Pattern(pattern)) => {
                pattern.text(access).map(|text| text.to_lowercase() == value.to_lowercase())
            }
            (Self::StringLike, Operand::Pattern(pattern)) => {
                pattern.fill(access).map(|pieces| glob::matches(&pieces, value))
            }
            (Self::Arn, Operand::Pattern(pattern)) => pattern.fill(access).map(|pieces| is_arn_like(&pieces, value)),
            (Self::Numeric(comparison), Operand::Number(operand)) => {
                number(value).and_then(|value| value.partial_cmp(operand)).map(|order| comparison.is(order))
            }
            (Self::Date(comparison), Operand::Date(operand)) => {
                date(value).map(|value| comparison.is(value.cmp(operand)))
            }
            (Self::Bool | Self::Null, Operand::Bool(operand)) => bool(value).map(|value| value == *operand),
            (Self::IpAddress, Operand::Network(network, prefix)) => {
                value.parse().ok().map(|address| is_in(address, *network, *prefix))
            }
            _ => None,
        };
        holds.map_or(Truth::Unknown, Truth::from)
    }
}

impl Comparison {
    fn is(self, order: Ordering) -> bool {
        match self {
            Self::Equals => order.is_eq(),
            Self::LessThan => order.is_lt(),
            Self::LessThanEquals => order.is_le(),
            Self::GreaterThan => order.is_gt(),
            Self::GreaterThanEquals => order.is_ge(),
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A date and time, a date, or seconds since the epoch.
fn date(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_second(seconds).ok();
    }
    let of_day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
    text.parse().ok().or_else(of_day)
}

fn bool(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// `203.0.113.0/24`, or one address.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
    (prefix <= longest).then_some((address, prefix))
}

fn is_in(address: IpAddr, network: IpAddr, prefix: u8) -> bool {
    let shared = |a: u128, b: u128, width: u32| (a ^ b).checked_shr(width - u32::from(prefix)).unwrap_or(0) == 0;
    match (address.to_canonical(), network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => shared(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => shared(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

/// "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character match
/// wildcards or single-character match wildcards."
fn is_arn_like(pattern: &[Piece], arn: &str) -> bool {
    let components: Vec<_> = pattern.splitn(6, |piece| *piece == Piece::Byte(b':')).collect();
    let values: Vec<_> = arn.splitn(6, ':').collect();
    let is_whole = components.len() == 6 && values.len() == 6;
    is_whole && components.iter().zip(values).all(|(pattern, value)| glob::matches(pattern, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(operator: &str, operand: &str, value: &str) -> bool {
        let operator = Operator::named(operator).unwrap();
        let operand = operator.operand(operand, true, "key").unwrap();
        match operator.test.holds(value, &operand, &Access::new("a:B", "*")) {
            Truth::Yes => !operator.is_negated,
            Truth::No => operator.is_negated,
            Truth::Unknown => panic!("{value} is not of the kind"),
        }
    }

    #[test]
    fn texts_are_compared_with_or_without_capitals_and_wildcards() {
        assert!(
            check("StringEquals", "a*", "a*") && !check("StringEquals", "a*", "ab") && !check("StringEquals", "a", "A")
        );
        assert!(check("StringEqualsIgnoreCase", "Ä*", "ä*") && !check("StringNotEqualsIgnoreCase", "a", "A"));
        assert!(check("StringLike", "a*?", "abc") && check("StringNotLike", "a*", "b"));
    }

    #[test]
    fn numbers_and_dates_are_compared_as_what_they_are() {
        assert!(check("NumericLessThan", "10", "9") && !check("NumericLessThan", "10", "10.0"));
        assert!(check("NumericLessThanEquals", "10", "1e1") && check("NumericNotEquals", "1", "2"));
        assert!(check("NumericGreaterThan", "-1", "0") && check("NumericGreaterThanEquals", "0", "0"));
        assert!(check("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z"));
        assert!(
            check("DateEquals", "2026-01-01T01:00:00+01:00", "1767225600")
                && check("DateEquals", "2026-01-01", "1767225600")
        );
        assert!(check("DateGreaterThanEquals", "1767225600", "2026-01-01T00:00:00Z"));
    }

    #[test]
    fn an_address_is_in_a_network_of_its_kind() {
        assert!(
            check("IpAddress", "203.0.113.0/24", "203.0.113.255")
                && !check("IpAddress", "203.0.113.0/24", "203.0.114.0")
        );
        assert!(check("IpAddress", "0.0.0.0/0", "1.2.3.4") && !check("IpAddress", "0.0.0.0/0", "::1"));
        assert!(
            check("IpAddress", "203.0.113.7", "::ffff:203.0.113.7")
                && check("NotIpAddress", "203.0.113.7", "203.0.113.8")
        );
        assert!(check("IpAddress", "2001:db8::/32", "2001:db8:1::1") && check("IpAddress", "::/0", "::1"));
    }

    #[test]
    fn each_component_of_an_arn_is_compared_by_itself() {
        let arn = "arn:aws:sts::123456789012:assumed-role/a:b/c";
        assert!(check("ArnLike", "arn:aws:sts::*:assumed-role/*", arn) && check("ArnEquals", "arn:*:sts::*:*", arn));
        assert!(!check("ArnLike", "arn:aws:*:assumed-role/a:b/c", arn) && check("ArnNotLike", "*", arn));
    }

    #[test]
    fn an_operand_of_another_kind_is_refused_and_such_a_value_is_unknown() {
        for (operator, operand) in [
            ("NumericEquals", "one"),
            ("DateEquals", "soon"),
            ("Bool", "1"),
            ("IpAddress", "10.0.0.0/33"),
            ("NumericEquals", "NaN"),
        ] {
            assert!(Operator::named(operator).unwrap().operand(operand, true, "key").is_err(), "{operator}");
        }
        let operand = Operand::Number(1.0);
        assert_eq!(Test::Numeric(Comparison::Equals).holds("one", &operand, &Access::new("a:B", "*")), Truth::Unknown);
    }
}
