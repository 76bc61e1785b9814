//! What the values of a template refer to, and the same values referring to something else.

use serde_json::{Map, Value, json};

/// SAM's own attributes: what its transform makes of a resource, which `Ref` names too.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>
const OF_SAM: [&str; 6] = ["Alias", "Version", "Stage", "Deployment", "DestinationQueue", "DestinationTopic"];

/// `Ref`, `Fn::GetAtt`, or a `${…}` of `Fn::Sub`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    /// The logical id, one of a parameter, or a pseudo parameter.
    pub(super) id: String,
    attribute: Option<String>,
    /// Whether it is one that only SAM's transform understands.
    is_of_sam: bool,
}

impl Reference {
    /// What `Ref` gives of it.
    pub(super) fn to(id: &str) -> Self {
        Self { id: id.into(), attribute: None, is_of_sam: false }
    }

    /// One of its attributes.
    pub(super) fn to_attribute(id: &str, attribute: &str) -> Self {
        Self { attribute: Some(attribute.into()), ..Self::to(id) }
    }

    /// `OrderTable`, `OrderTable.Arn`: as `${…}` and `Ref` have it.
    fn of_path(path: &str) -> Self {
        match path.split_once('.') {
            None => Self::to(path),
            Some((id, name)) => Self { is_of_sam: OF_SAM.contains(&name), ..Self::to_attribute(id, name) },
        }
    }

    fn path(&self) -> String {
        self.attribute.as_ref().map_or_else(|| self.id.clone(), |attribute| format!("{}.{attribute}", self.id))
    }

    /// The attribute, if it is not what `Ref` gives.
    pub(super) fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }

    /// A name for it among parameters and outputs, which have only letters and digits: `OrderTableArn`.
    pub(super) fn name(&self) -> String {
        let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        letters(&self.id) + &self.attribute().map(letters).unwrap_or_default()
    }

    /// The value that refers.
    pub(super) fn value(&self) -> Value {
        match &self.attribute {
            None => json!({"Ref": self.id}),
            Some(_) if self.is_of_sam => json!({"Fn::Sub": format!("${{{}}}", self.path())}),
            Some(attribute) => json!({"Fn::GetAtt": [self.id, attribute]}),
        }
    }

    /// The reference, if the value is one and nothing else.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let object = value.as_object().filter(|object| object.len() == 1)?;
        let (function, argument) = object.iter().next()?;
        match function.as_str() {
            "Ref" => argument.as_str().map(Self::of_path),
            "Fn::GetAtt" => of_attribute(argument),
            "Fn::Sub" => only_placeholder(argument.as_str()?).map(Self::of_path),
            _ => None,
        }
    }
}

fn of_attribute(argument: &Value) -> Option<Reference> {
    let (id, attribute) = match argument {
        Value::String(path) => path.split_once('.')?,
        Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)?.as_str()?),
        _ => return None,
    };
    Some(Reference::to_attribute(id, attribute))
}

fn only_placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains(['{', '!'])).then_some(name)
}

/// What becomes of a reference; `None` if it stays.
type Change<'a> = dyn FnMut(&Reference) -> Option<Reference> + 'a;

/// Visits every reference in a value.
pub(super) fn visit(value: &Value, visit: &mut dyn FnMut(&Reference)) {
    if let Some(reference) = Reference::read(value) {
        return visit(&reference);
    }
    match value {
        Value::Object(map) => match map.get("Fn::Sub") {
            Some(argument) => visit_text(argument, visit),
            None => map.values().for_each(|value| self::visit(value, visit)),
        },
        Value::Array(values) => values.iter().for_each(|value| self::visit(value, visit)),
        _ => {}
    }
}

fn visit_text(argument: &Value, visit: &mut dyn FnMut(&Reference)) {
    let (text, variables) = parts_of_sub(argument);
    for name in placeholders(text).filter(|name| !variables.is_some_and(|it| it.contains_key(*name))) {
        visit(&Reference::of_path(name));
    }
    variables.into_iter().flat_map(Map::values).for_each(|value| self::visit(value, visit));
}

/// Changes references, in place and each in its form.
pub(super) fn change(value: &mut Value, by: &mut Change<'_>) {
    if value.get("Fn::Sub").is_none()
        && let Some(reference) = Reference::read(value)
    {
        if let Some(other) = by(&reference) {
            *value = other.value();
        }
        return;
    }
    match value {
        Value::Object(map) => match map.get_mut("Fn::Sub") {
            Some(argument) => change_text(argument, by),
            None => map.values_mut().for_each(|value| change(value, by)),
        },
        Value::Array(values) => values.iter_mut().for_each(|value| change(value, by)),
        _ => {}
    }
}

fn change_text(argument: &mut Value, by: &mut Change<'_>) {
    let (text, variables) = parts_of_sub(argument);
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_placeholder(rest) {
        changed += before;
        let is_local = name.starts_with('!') || variables.is_some_and(|it| it.contains_key(name));
        match if is_local { None } else { by(&Reference::of_path(name)) } {
            None => changed += &format!("${{{name}}}"),
            Some(other) => changed += &format!("${{{}}}", other.path()),
        }
        rest = after;
    }
    changed += rest;
    match argument {
        Value::Array(parts) => {
            parts.iter_mut().skip(1).filter_map(Value::as_object_mut).flat_map(Map::values_mut).for_each(|value| {
                change(value, by);
            });
            if let Some(first) = parts.first_mut() {
                *first = changed.into();
            }
        }
        text => *text = changed.into(),
    }
}

fn parts_of_sub(argument: &Value) -> (&str, Option<&Map<String, Value>>) {
    match argument {
        Value::Array(parts) => {
            (parts.first().and_then(Value::as_str).unwrap_or_default(), parts.get(1).and_then(Value::as_object))
        }
        text => (text.as_str().unwrap_or_default(), None),
    }
}

/// The names in `${…}`, without those that are only text, `${!…}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let names = std::iter::from_fn(move || {
        let (_, name, after) = next_placeholder(rest)?;
        rest = after;
        Some(name)
    });
    names.filter(|name| !name.starts_with('!'))
}

/// What is before the next `${…}`, its inside, and what is after it.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(value: &Value) -> Vec<String> {
        let mut names = Vec::new();
        visit(value, &mut |it| names.push(it.path()));
        names
    }

    #[test]
    fn every_form_of_a_reference_is_seen() {
        let value = json!({
            "a": {"Ref": "A"},
            "b": [{"Fn::GetAtt": ["B", "Arn"]}, {"Fn::GetAtt": "C.Arn"}],
            "c": {"Fn::Sub": "x${D}-${!Not}-${E.Arn}"},
            "d": {"Fn::Sub": ["${Local}${F}", {"Local": {"Ref": "G"}}]},
        });
        assert_eq!(named(&value), ["A", "B.Arn", "C.Arn", "D", "E.Arn", "F", "G"]);
    }

    #[test]
    fn a_changed_reference_keeps_its_form() {
        let mut value = json!([
            {"Ref": "T"}, {"Fn::GetAtt": ["T", "Arn"]}, {"Fn::Sub": "${T.Arn}/index/${!T}"}, {"Ref": "U"},
            {"Fn::Sub": ["${T}-${V}", {"T": 1, "V": {"Ref": "T"}}]},
        ]);
        change(&mut value, &mut |it| (it.id == "T").then(|| Reference::to(&it.name())));
        let expected = json!([
            {"Ref": "T"}, {"Ref": "TArn"}, {"Fn::Sub": "${TArn}/index/${!T}"}, {"Ref": "U"},
            {"Fn::Sub": ["${T}-${V}", {"T": 1, "V": {"Ref": "T"}}]},
        ]);
        assert_eq!(value, expected);
    }

    #[test]
    fn what_sam_makes_of_a_function_is_an_attribute_that_only_sam_knows() {
        let alias = Reference::read(&json!({"Ref": "F.Alias"})).unwrap();
        assert_eq!((alias.id.as_str(), alias.name().as_str()), ("F", "FAlias"));
        assert_eq!(alias.value(), json!({"Fn::Sub": "${F.Alias}"}));
        assert_eq!(Reference::read(&alias.value()), Some(alias));
    }

    #[test]
    fn a_text_with_more_than_a_placeholder_is_no_reference() {
        assert_eq!(Reference::read(&json!({"Fn::Sub": "${A}-${B}"})), None);
        assert_eq!(Reference::read(&json!({"Fn::Sub": "${A}"})), Some(Reference::to("A")));
    }
}
