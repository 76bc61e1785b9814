use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::referred;

/// Why a value does not fit a schema of those that an API gets: draft 4's keywords that are left in them, and no others. The words are
/// those of the library that API Gateway holds bodies to models with, `json-schema-validator`, as its users show them.
///
/// A crate for all of JSON Schema would bring the drafts, formats and network references that no model has, and other words.
pub(super) fn all(value: &Value, schema: &Value, models: &BTreeMap<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    look(value, schema, models, &mut found);
    found
}

/// Like that library, looks into the parts of a value only while nothing is wrong.
fn look(value: &Value, schema: &Value, models: &BTreeMap<String, Value>, found: &mut Vec<String>) {
    if let Some(name) = referred(schema) {
        // It ends: each step through a model's own properties is a step down in the value.
        return models.get(name).into_iter().for_each(|schema| look(value, schema, models, found));
    }
    let Some(rules) = schema.as_object() else { return };
    found.extend(rules.iter().filter_map(|(keyword, rule)| mismatch(value, keyword, rule)));
    if !found.is_empty() {
        return;
    }
    match value {
        Value::Object(members) => {
            let of_member = |name: &String| rules.get("properties").and_then(|it| it.get(name));
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let members = members.into_iter().filter_map(|(name, member)| Some((member, of_member(name)?)));
            members.for_each(|(member, schema)| look(member, schema, models, found));
        }
        Value::Array(items) => {
            let schema = rules.get("items").into_iter();
            schema.for_each(|schema| items.iter().for_each(|item| look(item, schema, models, found)));
        }
        _ => {}
    }
}

fn mismatch(value: &Value, keyword: &str, rule: &Value) -> Option<String> {
    match keyword {
        "type" => wrong_type(value, rule.as_str()?),
        "enum" if !rule.as_array()?.iter().any(|one| equal(one, value)) => {
            Some(format!("instance value ({value}) not found in enum (possible values: {rule})"))
        }
        "minimum" => compared(value, rule)
            .filter(|(value, least)| value < least)
            .map(|_| format!("numeric instance is lower than the required minimum (minimum: {rule}, found: {value})")),
        "maximum" => compared(value, rule).filter(|(value, most)| value > most).map(|_| {
            format!("numeric instance is greater than the required maximum (maximum: {rule}, found: {value})")
        }),
        "minLength" => {
            let (text, length, least) = length(value, rule).filter(|(_, length, least)| length < least)?;
            Some(format!("string \"{text}\" is too short (length: {length}, required minimum: {least})"))
        }
        "maxLength" => {
            let (text, length, most) = length(value, rule).filter(|(_, length, most)| length > most)?;
            Some(format!("string \"{text}\" is too long (length: {length}, maximum allowed: {most})"))
        }
        "required" => missing(value.as_object()?, rule),
        _ => None,
    }
}

fn wrong_type(value: &Value, name: &str) -> Option<String> {
    let is_right = match name {
        "number" => value.is_number(),
        "integer" => is_integer(value),
        name => type_of(value) == name || !["null", "boolean", "string", "array", "object"].contains(&name),
    };
    let allowed = if name == "number" { r#""integer","number""#.to_owned() } else { format!("\"{name}\"") };
    let found = type_of(value);
    (!is_right)
        .then(|| format!("instance type ({found}) does not match any allowed primitive type (allowed: [{allowed}])"))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if is_integer(value) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// 1 and 1.0 are one number.
fn equal(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}

fn compared(value: &Value, bound: &Value) -> Option<(f64, f64)> {
    value.as_f64().zip(bound.as_f64())
}

/// A text, its length and the bound.
fn length<'a>(value: &'a Value, bound: &Value) -> Option<(&'a str, u64, u64)> {
    let text = value.as_str()?;
    Some((text, u64::try_from(text.chars().count()).ok()?, bound.as_u64()?))
}

fn missing(object: &Map<String, Value>, names: &Value) -> Option<String> {
    let names = names.as_array()?.iter().filter_map(Value::as_str);
    let mut missing: Vec<_> = names.filter(|name| !object.contains_key(*name)).collect();
    missing.sort_unstable();
    (!missing.is_empty()).then(|| format!("object has missing required properties ({})", Value::from(missing)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: Value, right: &[Value], wrong: &[Value]) {
        let tree = json!({"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Tree"}}});
        let models = BTreeMap::from([("Tree".to_owned(), tree)]);
        for value in right {
            assert_eq!(all(value, &schema, &models), [""; 0], "{value} does not fit {schema}");
        }
        for value in wrong {
            assert!(!all(value, &schema, &models).is_empty(), "{value} fits {schema}");
        }
    }

    #[test]
    fn a_type_is_one_of_draft_4() {
        check(json!({"type": "integer"}), &[json!(1), json!(-1), json!(1.0)], &[json!(1.5), json!("1"), json!(null)]);
        check(json!({"type": "number"}), &[json!(1), json!(1.5)], &[json!("1"), json!(true)]);
        check(json!({"type": "object"}), &[json!({})], &[json!([]), json!(null)]);
        check(json!({}), &[json!(null), json!([1])], &[]);
    }

    #[test]
    fn numbers_and_texts_have_bounds_that_are_of_nothing_else() {
        check(json!({"minimum": 1, "maximum": 3}), &[json!(1), json!(3), json!("9")], &[json!(0), json!(3.5)]);
        check(json!({"minLength": 2, "maxLength": 3}), &[json!("éé"), json!(7)], &[json!("é"), json!("abcd")]);
        check(json!({"enum": ["a", 1]}), &[json!("a"), json!(1.0)], &[json!("b"), json!(null)]);
    }

    #[test]
    fn what_has_to_be_there_is_and_the_rest_fits_too() {
        let tree = json!({"$ref": "#/components/schemas/Tree"});
        let nested = json!({"name": "a", "next": {"name": "b", "other": 7}});
        check(tree.clone(), &[nested], &[json!({}), json!({"name": "a", "next": {}}), json!({"name": 7})]);
        check(json!({"items": tree}), &[json!([]), json!([{"name": "a"}])], &[json!([{"name": "a"}, 7])]);
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_validator() {
        let schema = json!({"type": "object", "required": ["name", "kind"], "properties": {
            "name": {"type": "string", "minLength": 2, "maxLength": 3},
            "kind": {"enum": ["a", "b"]},
            "count": {"type": "number", "minimum": 1, "maximum": 3},
            "lines": {"type": "array", "items": {"type": "integer"}},
        }});
        let said = |value: Value| all(&value, &schema, &BTreeMap::new()).join("\n");
        for (value, expected) in [
            (json!({"count": 9}), r#"object has missing required properties (["kind","name"])"#),
            (json!([]), r#"instance type (array) does not match any allowed primitive type (allowed: ["object"])"#),
            (
                json!({"name": "a", "kind": "c"}),
                "instance value (\"c\") not found in enum (possible values: [\"a\",\"b\"])\n\
                 string \"a\" is too short (length: 1, required minimum: 2)",
            ),
            (
                json!({"name": "abcd", "kind": "a", "count": "9"}),
                "instance type (string) does not match any allowed primitive type (allowed: [\"integer\",\"number\"])\n\
                 string \"abcd\" is too long (length: 4, maximum allowed: 3)",
            ),
            (
                json!({"name": "ab", "kind": "a", "count": 9, "lines": [1.5]}),
                "numeric instance is greater than the required maximum (maximum: 3, found: 9)",
            ),
            (
                json!({"name": "ab", "kind": "a", "lines": [1.5]}),
                "instance type (number) does not match any allowed primitive type (allowed: [\"integer\"])",
            ),
            (
                json!({"name": "ab", "kind": "a", "count": 0.5}),
                "numeric instance is lower than the required minimum (minimum: 1, found: 0.5)",
            ),
        ] {
            assert_eq!(said(value), expected);
        }
    }
}
