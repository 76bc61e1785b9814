//! YAML as CloudFormation reads it: `!Ref`, `!Sub` and the others are functions in a short form.

use std::fmt;

use anyhow::{Result, anyhow};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, json};
use serde_saphyr::Tagged;

/// The functions that have a short form.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
const FUNCTIONS: [&str; 19] = [
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAtt",
    "GetAZs",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];

/// What the text says, with every function in its long form.
///
/// # Errors
/// It is no YAML, or has a tag that is no function.
pub(super) fn parse(text: &str) -> Result<Value> {
    let node: Option<Node> = serde_saphyr::from_str(text).map_err(|error| anyhow!("{error}"))?;
    Ok(node.map_or(Value::Null, |node| node.0))
}

/// A value, whose tag has become a function.
struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Tagged(Untagged(value), tag) = Deserialize::deserialize(deserializer)?;
        match tag.as_deref().and_then(|tag| tag.strip_prefix('!')) {
            Some(name) => function(name, value).map(Self).map_err(D::Error::custom),
            None => Ok(Self(value)),
        }
    }
}

/// The long form of a function.
fn function(name: &str, argument: Value) -> Result<Value, String> {
    match name {
        "Ref" | "Condition" => Ok(json!({name: argument})),
        "GetAtt" => Ok(json!({"Fn::GetAtt": attribute(argument)?})),
        _ if FUNCTIONS.contains(&name) => Ok(json!({format!("Fn::{name}"): argument})),
        _ => Err(format!("`!{name}` is no function of CloudFormation")),
    }
}

/// `Table.Arn` as `[Table, Arn]`.
fn attribute(argument: Value) -> Result<Value, String> {
    let Value::String(text) = &argument else { return Ok(argument) };
    match text.split_once('.') {
        Some((id, name)) => Ok(json!([id, name])),
        None => Err(format!("`!GetAtt {text}` names no attribute: write `!GetAtt {text}.Arn`")),
    }
}

struct Untagged(Value);

impl<'de> Deserialize<'de> for Untagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values).map(Self)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a template")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Node::deserialize(deserializer).map(|node| node.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Node(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Node(value))) = entries.next_entry::<String, Node>()? {
            map.insert(key, value);
        }
        Ok(map.into())
    }
}
