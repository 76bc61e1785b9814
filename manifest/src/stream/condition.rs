//! Whether a filter holds for a record, for what Lambda does not judge itself.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    decimal,
    filter::{Bound, Comparison, StreamFilter, Term, Test},
    pattern::{letter, member},
};

impl StreamFilter {
    /// Whether [`pattern`](Self::pattern) says all of it. Where it does not, the function asks [`holds`](Self::holds).
    pub fn is_judged_by_lambda(&self) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Event { .. } => true,
            Term::Attribute { test, .. } => !matches!(test, Test::Numeric { .. }),
            Term::Any { of } => of.iter().all(Self::is_judged_by_lambda),
        })
    }

    /// Whether all terms hold for a record of a stream, in the form that Lambda gives it to a function.
    pub fn holds(&self, record: &Value) -> bool {
        self.terms.iter().all(|term| holds(term, record))
    }
}

fn holds(term: &Term, record: &Value) -> bool {
    match term {
        Term::Event { names } => {
            let event = record.get("eventName").and_then(Value::as_str);
            names.iter().any(|name| Some(name.as_str()) == event)
        }
        Term::Any { of } => of.iter().any(|filter| filter.holds(record)),
        Term::Attribute { image, attribute, within, test } => {
            let attribute = record.get("dynamodb").and_then(|it| it.get(member(*image))?.get(attribute));
            let value = within.iter().fold(attribute, |value, name| value?.get("M")?.get(name));
            passes(test, value.and_then(|value| value.get(letter(test.kind()))))
        }
    }
}

fn passes(test: &Test, value: Option<&Value>) -> bool {
    let text = value.and_then(Value::as_str);
    match test {
        Test::Exists { .. } => value.is_some(),
        Test::NotExists { .. } => value.is_none(),
        Test::Bool { equals } => value.and_then(Value::as_bool) == Some(*equals),
        Test::AnythingBut { test } => text.is_some() && !passes(test, value),
        Test::Numeric { bounds } => text.is_some_and(|number| bounds.iter().all(|bound| within(number, bound))),
        Test::String { equals } | Test::Number { equals } => is_one(text, equals, str::eq),
        Test::Prefix { of } => is_one(text, of, |text, prefix| text.starts_with(prefix)),
        Test::Suffix { of } => is_one(text, of, |text, suffix| text.ends_with(suffix)),
        Test::EqualsIgnoreCase { to } => is_one(text, to, |a, b| a.to_lowercase() == b.to_lowercase()),
    }
}

fn is_one(text: Option<&str>, operands: &[String], matches: impl Fn(&str, &str) -> bool) -> bool {
    text.is_some_and(|text| operands.iter().any(|operand| matches(text, operand)))
}

fn within(number: &str, bound: &Bound) -> bool {
    decimal::compare(number, &bound.than).is_some_and(|ordering| match bound.is {
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{FilterKind, Image};

    fn holds(test: Test, attribute: &str) -> bool {
        let record = json!({
            "eventName": "MODIFY",
            "dynamodb": { "NewImage": {
                "total": { "N": "100.5" },
                "name": { "S": "Ann" },
                "open": { "BOOL": true },
                "address": { "M": { "city": { "S": "Bern" } } },
            } },
        });
        let (attribute, within) = match attribute.split_once('.') {
            Some((attribute, field)) => (attribute, vec![field.to_owned()]),
            None => (attribute, vec![]),
        };
        let term = Term::Attribute { image: Image::New, attribute: attribute.into(), within, test };
        StreamFilter { terms: vec![term] }.holds(&record)
    }

    fn bounds(bounds: &[(Comparison, &str)]) -> Test {
        let bounds = bounds.iter().map(|(is, than)| Bound { is: *is, than: (*than).into() });
        Test::Numeric { bounds: bounds.collect() }
    }

    #[test]
    fn a_number_is_compared_with_all_bounds() {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        for (test, expected) in [
            (bounds(&[(Greater, "100")]), true),
            (bounds(&[(Greater, "100.5")]), false),
            (bounds(&[(GreaterOrEqual, "100.5"), (LessOrEqual, "100.50")]), true),
            (bounds(&[(Greater, "9"), (Less, "100")]), false),
        ] {
            assert_eq!(holds(test.clone(), "total"), expected, "{test:?}");
        }
        assert!(!holds(bounds(&[(Greater, "0")]), "name"), "a string is no number");
    }

    #[test]
    fn what_is_not_there_passes_only_as_such() {
        let string = |text: &str| Test::String { equals: vec![text.into()] };
        assert!(!holds(Test::AnythingBut { test: Box::new(string("x")) }, "missing"));
        assert!(holds(Test::AnythingBut { test: Box::new(string("x")) }, "name"));
        assert!(!holds(Test::AnythingBut { test: Box::new(string("Ann")) }, "name"));
        assert!(holds(Test::NotExists { kind: FilterKind::String }, "missing"));
        assert!(holds(Test::NotExists { kind: FilterKind::Number }, "name"));
        assert!(holds(Test::Exists { kind: FilterKind::Bool }, "open"));
    }

    #[test]
    fn a_string_is_compared_as_the_test_says() {
        let list = |text: &str| vec![text.to_owned()];
        assert!(holds(Test::Prefix { of: list("A") }, "name"));
        assert!(holds(Test::Suffix { of: list("nn") }, "name"));
        assert!(holds(Test::EqualsIgnoreCase { to: list("aNN") }, "name"));
        assert!(holds(Test::String { equals: list("Bern") }, "address.city"));
        assert!(!holds(Test::String { equals: list("Bern") }, "address"));
    }

    #[test]
    fn only_a_range_is_left_to_the_function() {
        let filter = |terms| StreamFilter { terms };
        let range = Term::Attribute {
            image: Image::New,
            attribute: "total".into(),
            within: vec![],
            test: bounds(&[(Comparison::Less, "1")]),
        };
        let event = Term::Event { names: vec!["INSERT".into()] };
        assert!(filter(vec![event.clone()]).is_judged_by_lambda());
        assert!(!filter(vec![event, Term::Any { of: vec![filter(vec![range])] }]).is_judged_by_lambda());
    }
}
