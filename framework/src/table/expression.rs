use std::{borrow::Cow, collections::HashMap};

use super::{
    condition::Condition,
    item::{Item, ItemError},
};
use aws_sdk_dynamodb::types::AttributeValue;

/// A piece of an expression of DynamoDB, with names and values where their placeholders will be.
///
/// A value that cannot be converted is kept as an error until the request is made, so that building is a plain chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragment {
    parts: Vec<Part>,
    error: Option<ItemError>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(&'static str),
    /// An operator or the beginning of a function call, of which DynamoDB takes so many.
    Operator(&'static str),
    Name(Cow<'static, str>),
    Index(usize),
    Value(AttributeValue),
}

impl Fragment {
    /// A piece that begins with the name of an attribute.
    pub(super) fn of(name: impl Into<Cow<'static, str>>) -> Self {
        Self::default().name(name)
    }

    pub(super) fn failed(error: ItemError) -> Self {
        Self { parts: Vec::new(), error: Some(error) }
    }

    pub(super) fn text(mut self, text: &'static str) -> Self {
        self.parts.push(Part::Text(text));
        self
    }

    pub(super) fn operator(mut self, text: &'static str) -> Self {
        self.parts.push(Part::Operator(text));
        self
    }

    pub(super) fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.parts.push(Part::Name(name.into()));
        self
    }

    /// `[2]`
    pub(super) fn index(mut self, index: usize) -> Self {
        self.parts.push(Part::Index(index));
        self
    }

    pub(super) fn value(mut self, value: AttributeValue) -> Self {
        self.parts.push(Part::Value(value));
        self
    }

    /// A value of the attribute `name`, which an error will name.
    pub(super) fn value_of(self, name: &str, value: Result<Option<AttributeValue>, ItemError>) -> Self {
        match value {
            Ok(Some(value)) => self.value(value),
            Ok(None) => self.append(Self::failed(ItemError::new("`None` cannot be compared").in_field(name))),
            Err(error) => self.append(Self::failed(error.in_field(name))),
        }
    }

    pub(super) fn append(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        self.error = self.error.or(other.error);
        self
    }

    pub(super) fn in_parentheses(self) -> Self {
        Self::default().text("(").append(self).text(")")
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &AttributeValue> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(value) => Some(value),
            _ => None,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.error.is_none()
    }

    /// The piece, after a comma if there is something before it.
    pub(super) fn listed(self, other: Self) -> Self {
        if self.is_empty() { other } else { self.text(", ").append(other) }
    }
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>: of any expression.
const MOST_BYTES: usize = 4_096;
/// Of any expression: operators and functions.
const MOST_OPERATORS: usize = 300;

/// Gives out the placeholders of a request, so that reserved words and any value can be in its expressions.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    names: Vec<Cow<'static, str>>,
    values: Vec<AttributeValue>,
}

impl Placeholders {
    /// The text of an expression, or none for an empty one.
    pub(super) fn write(&mut self, fragment: Fragment) -> Result<Option<String>, ItemError> {
        if let Some(error) = fragment.error {
            return Err(error);
        }
        let operators = fragment.parts.iter().filter(|part| matches!(part, Part::Operator(_))).count();
        check_limit(operators, MOST_OPERATORS, "operators and functions")?;
        let mut text = String::new();
        for part in fragment.parts {
            match part {
                Part::Text(part) | Part::Operator(part) => text.push_str(part),
                Part::Index(index) => text.push_str(&format!("[{index}]")),
                Part::Name(name) => text.push_str(&format!("#n{}", self.name(name))),
                Part::Value(value) => text.push_str(&format!(":v{}", self.value(value))),
            }
        }
        check_limit(text.len(), MOST_BYTES, "bytes")?;
        Ok((!text.is_empty()).then_some(text))
    }

    fn name(&mut self, name: Cow<'static, str>) -> usize {
        self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    fn value(&mut self, value: AttributeValue) -> usize {
        self.values.push(value);
        self.values.len() - 1
    }

    /// `ExpressionAttributeNames` and `ExpressionAttributeValues`; DynamoDB refuses empty ones.
    pub(super) fn finish(self) -> (Option<HashMap<String, String>>, Option<Item>) {
        let names = self.names.into_iter().enumerate().map(|(index, name)| (format!("#n{index}"), name.into_owned()));
        let values = self.values.into_iter().enumerate().map(|(index, value)| (format!(":v{index}"), value));
        (non_empty(names.collect()), non_empty(values.collect()))
    }
}

/// The expressions of a write as requests take them, and the names and values that their placeholders stand for.
#[derive(Debug)]
pub(super) struct Expressions {
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Item>,
}

impl Expressions {
    pub(super) fn new<T>(update: Fragment, condition: Option<Condition<T>>) -> Result<Self, ItemError> {
        let mut placeholders = Placeholders::default();
        let update = placeholders.write(update)?;
        let condition = placeholders.write(condition.map(Condition::into_fragment).unwrap_or_default())?;
        let (names, values) = placeholders.finish();
        Ok(Self { update, condition, names, values })
    }
}

fn check_limit(count: usize, most: usize, of: &str) -> Result<(), ItemError> {
    if count <= most {
        return Ok(());
    }
    Err(ItemError::new(format!("an expression has at most {most} {of} in DynamoDB, and this one has {count}")))
}

fn non_empty<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}
