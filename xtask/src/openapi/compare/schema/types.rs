use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{At, Comparison, Effect};

impl Comparison<'_> {
    /// Whether it is worth looking further: not if there is another type altogether.
    pub(super) fn types(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) -> bool {
        let (before, after) = (types(old), types(new));
        let effect = match (&before, &after) {
            (None, None) => return true,
            (Some(_), None) => Effect::More,
            (None, Some(_)) => Effect::Fewer,
            (Some(before), Some(after)) => match (covers(after, before), covers(before, after)) {
                (true, true) => return true,
                (true, false) => Effect::More,
                (false, true) => Effect::Fewer,
                (false, false) => Effect::Others,
            },
        };
        self.report(effect, at, format!("was {} and is {}", words(before.as_ref()), words(after.as_ref())));
        effect != Effect::Others && before.is_some() && after.is_some()
    }

    /// Lists of values that fit.
    pub(super) fn values(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) {
        match (values(old), values(new)) {
            (Some(before), Some(after)) => {
                for value in before.difference(&after) {
                    self.report(Effect::Fewer, at, format!("no longer has the value `{value}`"));
                }
                for value in after.difference(&before) {
                    self.report(Effect::More, at, format!("has the new value `{value}`"));
                }
            }
            (None, Some(after)) if super::forms(old).is_empty() => {
                self.report(Effect::Fewer, at, format!("is only one of {} values now", after.len()));
            }
            (Some(_), None) if super::forms(new).is_empty() => {
                self.report(Effect::More, at, "is no longer one of a few values");
            }
            _ => {}
        }
    }
}

/// The types that a schema allows, if it says so; those of its alternatives, if they all say so.
fn types(schema: &Map<String, Value>) -> Option<BTreeSet<String>> {
    let mut found: BTreeSet<String> = match schema.get("type") {
        Some(Value::String(one)) => [one.clone()].into(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(Into::into).collect(),
        _ => {
            let forms = ["oneOf", "anyOf"].into_iter().find_map(|key| schema.get(key)?.as_array());
            let of_values = || Some(schema.get("enum")?.as_array()?.iter().map(type_of).collect());
            match forms {
                Some(forms) => forms.iter().map(|it| types(it.as_object()?)).collect::<Option<Vec<_>>>()?.concat_sets(),
                None => of_values().or_else(|| schema.get("const").map(|it| [type_of(it)].into()))?,
            }
        }
    };
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        found.insert("null".into());
    }
    Some(found)
}

trait ConcatSets {
    fn concat_sets(self) -> BTreeSet<String>;
}

impl ConcatSets for Vec<BTreeSet<String>> {
    fn concat_sets(self) -> BTreeSet<String> {
        self.into_iter().flatten().collect()
    }
}

fn type_of(value: &Value) -> String {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    name.into()
}

/// Whether all values of the one set of types are of the other; every integer is a number.
fn covers(wide: &BTreeSet<String>, narrow: &BTreeSet<String>) -> bool {
    narrow.iter().all(|it| wide.contains(it) || (it == "integer" && wide.contains("number")))
}

fn words(types: Option<&BTreeSet<String>>) -> String {
    types.map_or_else(
        || "of any type".into(),
        |types| types.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or "),
    )
}

/// The values that a schema lists: `enum`, `const`, or alternatives that are all of these.
pub(super) fn values(schema: &Map<String, Value>) -> Option<BTreeSet<String>> {
    if let Some(Value::Array(list)) = schema.get("enum") {
        return Some(list.iter().filter(|it| !it.is_null()).map(text).collect());
    }
    if let Some(only) = schema.get("const") {
        return Some([text(only)].into());
    }
    let forms = super::forms(schema);
    let of_forms: Option<Vec<_>> = forms.iter().map(|it| values(it.as_object()?)).collect();
    of_forms.filter(|it| !it.is_empty()).map(ConcatSets::concat_sets)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
