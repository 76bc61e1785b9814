//! EventBridge's pattern language, in which event source mappings say what they let through.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

mod parse;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// A pattern that a record's JSON matches or does not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter(Node);

impl Filter {
    /// # Errors
    /// A sentence that says what in the pattern is not understood.
    pub(super) fn parse(pattern: &Value) -> Result<Self, String> {
        match pattern {
            Value::Object(members) => parse::members(members).map(Self),
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
                let object = event.and_then(Value::as_object);
                let matches = |(name, node): &(String, Self)| match object.map(|object| member(object, name)) {
                    Some(value) => node.matches(value.as_deref()),
                    None => node.matches(None),
                };
                all.iter().all(matches) && one_of.iter().all(|nodes| nodes.iter().any(|node| node.matches(event)))
            }
            Self::Leaf(tests) => {
                // Only a value without members of its own counts as one.
                let value = event.filter(|value| !value.is_object() && !value.is_array());
                tests.iter().any(|test| test.matches(value))
            }
        }
    }
}

/// A member of an object. A dot in a name is as good as an object in an object, on either side.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<Cow<'a, Value>> {
    if let Some(value) = object.get(name) {
        return Some(Cow::Borrowed(value));
    }
    let inner = name.match_indices('.').find_map(|(dot, _)| {
        let inner = object.get(&name[..dot])?.as_object()?;
        member(inner, &name[dot + 1..])
    });
    if inner.is_some() {
        return inner;
    }
    let within = object
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(name)?.strip_prefix('.')?.to_owned(), value.clone())));
    let within: Map<_, _> = within.collect();
    (!within.is_empty()).then(|| Cow::Owned(within.into()))
}

impl Test {
    fn matches(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => *wanted == value.is_some(),
            (_, None) => false,
            (Self::Equals(Value::Number(wanted)), Some(Value::Number(value))) => wanted.as_f64() == value.as_f64(),
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
