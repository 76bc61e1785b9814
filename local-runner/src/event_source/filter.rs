//! EventBridge's pattern language, in which event source mappings say what they let through.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

use serde_json::{Map, Number, Value};

/// A pattern that a record's JSON matches or does not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter(Node);

impl Filter {
    /// # Errors
    /// A sentence that says what in the pattern is not understood.
    pub(super) fn parse(pattern: &Value) -> Result<Self, String> {
        match pattern {
            Value::Object(members) => parse_members(members).map(Self),
            _ => Err(format!("a pattern is an object, not `{pattern}`")),
        }
    }

    pub(super) fn matches(&self, event: &Value) -> bool {
        self.0.matches(Some(event))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// All members have to match, and one of each list of alternatives.
    Members { all: Vec<(String, Node)>, one_of: Vec<Vec<Node>> },
    /// The value has to match one of these.
    Leaf(Vec<Test>),
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Equals(Value),
    Exists(bool),
    Text(TextTest),
    Not(Vec<Test>),
    Numeric(Vec<(Comparison, f64)>),
}

#[derive(Clone, Debug, PartialEq)]
enum TextTest {
    Prefix(String, Case),
    Suffix(String, Case),
    EqualsIgnoringCase(String),
    Wildcard(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Case {
    Kept,
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

fn parse_members(members: &Map<String, Value>) -> Result<Node, String> {
    let (mut all, mut one_of) = (Vec::new(), Vec::new());
    for (name, value) in members {
        match value {
            Value::Array(patterns) if name == "$or" => {
                let alternatives = patterns.iter().map(|it| Filter::parse(it).map(|filter| filter.0));
                one_of.push(alternatives.collect::<Result<_, _>>()?);
            }
            Value::Array(tests) => {
                all.push((name.clone(), Node::Leaf(tests.iter().map(parse_test).collect::<Result<_, _>>()?)));
            }
            Value::Object(inner) => all.push((name.clone(), parse_members(inner)?)),
            other => return Err(format!("`{name}` has to be a list of values, not `{other}`")),
        }
    }
    Ok(Node::Members { all, one_of })
}

fn parse_test(test: &Value) -> Result<Test, String> {
    let Value::Object(members) = test else {
        return if test.is_array() {
            Err(format!("`{test}` is a list in a list"))
        } else {
            Ok(Test::Equals(test.clone()))
        };
    };
    let mut members = members.iter();
    let (Some((name, operand)), None) = (members.next(), members.next()) else {
        return Err(format!("`{test}` has to have one operator"));
    };
    parse_operator(name, operand).ok_or_else(|| format!("`{test}` is no operator that is known"))
}

fn parse_operator(name: &str, operand: &Value) -> Option<Test> {
    match name {
        "exists" => operand.as_bool().map(Test::Exists),
        "numeric" => parse_numeric(operand.as_array()?).map(Test::Numeric),
        "anything-but" => parse_anything_but(operand).map(Test::Not),
        _ => parse_text(name, operand).map(Test::Text),
    }
}

fn parse_text(name: &str, operand: &Value) -> Option<TextTest> {
    let ignored = operand.get("equals-ignore-case").and_then(Value::as_str);
    let (text, case) = match ignored {
        Some(text) => (text.to_owned(), Case::Ignored),
        None => (operand.as_str()?.to_owned(), Case::Kept),
    };
    match name {
        "prefix" => Some(TextTest::Prefix(text, case)),
        "suffix" => Some(TextTest::Suffix(text, case)),
        "equals-ignore-case" if case == Case::Kept => Some(TextTest::EqualsIgnoringCase(text)),
        "wildcard" if case == Case::Kept => Some(TextTest::Wildcard(text)),
        _ => None,
    }
}

/// `"a"`, `["a", "b"]`, `{"prefix": "a"}` or `{"prefix": ["a", "b"]}`.
fn parse_anything_but(operand: &Value) -> Option<Vec<Test>> {
    let listed = |value: &Value| match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    match operand {
        Value::Object(members) if members.len() == 1 => {
            let (name, operands) = members.iter().next()?;
            listed(operands).iter().map(|operand| parse_text(name, operand).map(Test::Text)).collect()
        }
        Value::Object(_) => None,
        values => Some(listed(values).into_iter().map(Test::Equals).collect()),
    }
}

/// `[">", 0, "<=", 5]`.
fn parse_numeric(parts: &[Value]) -> Option<Vec<(Comparison, f64)>> {
    let (pairs, rest) = parts.as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[operator, number]| Some((parse_comparison(operator.as_str()?)?, number.as_f64()?))).collect()
}

fn parse_comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "=" => Comparison::Equal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

impl Node {
    /// What is not there still has to be looked at: it is what `exists: false` wants.
    fn matches(&self, event: Option<&Value>) -> bool {
        if let Some(Value::Array(elements)) = event
            && !elements.is_empty()
        {
            return elements.iter().any(|element| self.matches(Some(element)));
        }
        match self {
            Self::Members { all, one_of } => {
                let member = |name: &str| event.and_then(|event| event.get(name));
                all.iter().all(|(name, node)| node.matches(member(name)))
                    && one_of.iter().all(|nodes| nodes.iter().any(|node| node.matches(event)))
            }
            Self::Leaf(tests) => {
                // Only a value without members of its own counts as one.
                let value = event.filter(|value| !value.is_object() && !value.is_array());
                tests.iter().any(|test| test.matches(value))
            }
        }
    }
}

impl Test {
    fn matches(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => *wanted == value.is_some(),
            (_, None) => false,
            (Self::Equals(wanted), Some(value)) => wanted == value,
            (Self::Text(test), Some(value)) => value.as_str().is_some_and(|text| test.matches(text)),
            (Self::Not(tests), value) => !tests.iter().any(|test| test.matches(value)),
            (Self::Numeric(bounds), Some(value)) => {
                let number = value.as_number().and_then(Number::as_f64);
                number.is_some_and(|number| bounds.iter().all(|(comparison, bound)| comparison.holds(number, *bound)))
            }
        }
    }
}

impl TextTest {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Prefix(prefix, Case::Kept) => text.starts_with(prefix),
            Self::Prefix(prefix, Case::Ignored) => text.to_lowercase().starts_with(&prefix.to_lowercase()),
            Self::Suffix(suffix, Case::Kept) => text.ends_with(suffix),
            Self::Suffix(suffix, Case::Ignored) => text.to_lowercase().ends_with(&suffix.to_lowercase()),
            Self::EqualsIgnoringCase(wanted) => text.to_lowercase() == wanted.to_lowercase(),
            Self::Wildcard(pattern) => wildcard(pattern, text),
        }
    }
}

/// Each `*` stands for any text; the parts between are found from left to right.
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(last)
}

impl Comparison {
    fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            #[expect(clippy::float_cmp, reason = "the pattern asks for the very number")]
            Self::Equal => number == bound,
            Self::Less => number < bound,
            Self::LessOrEqual => number <= bound,
            Self::Greater => number > bound,
            Self::GreaterOrEqual => number >= bound,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(pattern: Value) -> bool {
        let record = json!({
            "eventName": "INSERT",
            "dynamodb": {
                "NewImage": {
                    "status": { "S": "paid" },
                    "total": { "N": "7" },
                    "open": { "BOOL": false },
                    "note": { "NULL": null },
                    "tags": { "SS": ["red", "blue"] },
                },
                "SizeBytes": 26,
            },
        });
        Filter::parse(&pattern).unwrap().matches(&record)
    }

    fn status(test: Value) -> bool {
        matches(json!({ "dynamodb": { "NewImage": { "status": { "S": [test] } } } }))
    }

    #[test]
    fn all_members_and_one_of_the_values_have_to_match() {
        assert!(matches(json!({})));
        assert!(matches(json!({ "eventName": ["MODIFY", "INSERT"] })));
        assert!(!matches(json!({ "eventName": ["REMOVE"] })));
        assert!(!matches(json!({ "eventName": [] })));
        let paid = json!({ "NewImage": { "status": { "S": ["paid"] } } });
        assert!(matches(json!({ "eventName": ["INSERT"], "dynamodb": paid })));
        assert!(!matches(json!({ "eventName": ["MODIFY"], "dynamodb": paid })));
        assert!(!matches(json!({ "dynamodb": { "OldImage": { "status": { "S": ["paid"] } } } })));
    }

    #[test]
    fn values_match_by_type() {
        assert!(matches(json!({ "dynamodb": { "NewImage": { "open": { "BOOL": [false] } } } })));
        assert!(matches(json!({ "dynamodb": { "NewImage": { "note": { "NULL": [null] } } } })));
        assert!(matches(json!({ "dynamodb": { "NewImage": { "total": { "N": ["7"] } } } })));
        assert!(!matches(json!({ "dynamodb": { "NewImage": { "total": { "N": [7] } } } })));
        assert!(matches(json!({ "dynamodb": { "NewImage": { "tags": { "SS": ["blue"] } } } })));
    }

    #[test]
    fn every_operator_on_text() {
        for (test, expected) in [
            (json!({ "prefix": "pa" }), true),
            (json!({ "prefix": "ai" }), false),
            (json!({ "prefix": { "equals-ignore-case": "PA" } }), true),
            (json!({ "suffix": "id" }), true),
            (json!({ "suffix": "pa" }), false),
            (json!({ "equals-ignore-case": "PAID" }), true),
            (json!({ "wildcard": "p*d" }), true),
            (json!({ "wildcard": "*a*i*" }), true),
            (json!({ "wildcard": "p*x*d" }), false),
            (json!({ "wildcard": "pai*id" }), false),
            (json!({ "anything-but": "open" }), true),
            (json!({ "anything-but": ["open", "paid"] }), false),
            (json!({ "anything-but": { "prefix": "pa" } }), false),
            (json!({ "anything-but": { "suffix": ["x", "d"] } }), false),
            (json!({ "exists": true }), true),
            (json!({ "exists": false }), false),
        ] {
            assert_eq!(status(test.clone()), expected, "{test}");
        }
    }

    #[test]
    fn numbers_are_compared() {
        for (bounds, expected) in [
            (json!([">", 0, "<=", 26]), true),
            (json!(["=", 26.0]), true),
            (json!(["<", 26]), false),
            (json!([">=", 27]), false),
        ] {
            assert_eq!(matches(json!({ "dynamodb": { "SizeBytes": [{ "numeric": bounds }] } })), expected, "{bounds}");
        }
        assert!(!status(json!({ "numeric": [">", 0] })));
    }

    #[test]
    fn what_is_missing_matches_only_exists_false() {
        let old = |test: Value| matches(json!({ "dynamodb": { "OldImage": { "status": { "S": [test] } } } }));
        assert!(old(json!({ "exists": false })));
        assert!(!old(json!({ "exists": true })));
        assert!(!old(json!({ "anything-but": "paid" })));
        assert!(!old(json!(null)));
    }

    #[test]
    fn one_alternative_is_enough() {
        let either = |a: &str, b: &str| {
            matches(
                json!({ "$or": [{ "eventName": [a] }, { "dynamodb": { "NewImage": { "status": { "S": [b] } } } }] }),
            )
        };
        assert!(either("REMOVE", "paid"));
        assert!(either("INSERT", "open"));
        assert!(!either("REMOVE", "open"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for pattern in [
            json!([]),
            json!({ "eventName": "INSERT" }),
            json!({ "eventName": [["INSERT"]] }),
            json!({ "eventName": [{ "regex": "I.*" }] }),
            json!({ "eventName": [{ "prefix": "I", "suffix": "T" }] }),
            json!({ "eventName": [{ "numeric": [">"] }] }),
            json!({ "eventName": [{ "exists": "yes" }] }),
            json!({ "eventName": [{ "anything-but": { "numeric": [">", 1] } }] }),
        ] {
            assert!(Filter::parse(&pattern).is_err(), "{pattern}");
        }
    }
}
