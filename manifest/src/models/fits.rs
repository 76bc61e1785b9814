use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::referred;

/// Whether a value fits a schema of those that an API gets: draft 4's keywords that are left in them, and no others.
///
/// A crate for all of JSON Schema would bring the drafts, formats and network references that no model has.
pub(super) fn fits(value: &Value, schema: &Value, models: &BTreeMap<String, Value>) -> bool {
    if let Some(name) = referred(schema) {
        // It ends: each step through a model's own properties is a step down in the value.
        return models.get(name).is_none_or(|schema| fits(value, schema, models));
    }
    let Some(rules) = schema.as_object() else { return true };
    rules.iter().all(|(keyword, rule)| match keyword.as_str() {
        "type" => rule.as_str().is_none_or(|name| is_of(value, name)),
        "enum" => rule.as_array().is_none_or(|values| values.iter().any(|one| equal(one, value))),
        "minimum" => compared(value, rule).is_none_or(|(value, least)| value >= least),
        "maximum" => compared(value, rule).is_none_or(|(value, most)| value <= most),
        "minLength" => length(value, rule).is_none_or(|(length, least)| length >= least),
        "maxLength" => length(value, rule).is_none_or(|(length, most)| length <= most),
        "required" => value.as_object().is_none_or(|object| has_all(object, rule)),
        "properties" => value.as_object().is_none_or(|object| each_fits(object, rule, models)),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(item, rule, models))),
        _ => true,
    })
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// 1 and 1.0 are one number.
fn equal(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}

fn compared(value: &Value, bound: &Value) -> Option<(f64, f64)> {
    value.as_f64().zip(bound.as_f64())
}

fn length(value: &Value, bound: &Value) -> Option<(u64, u64)> {
    let length = u64::try_from(value.as_str()?.chars().count()).ok()?;
    Some((length, bound.as_u64()?))
}

fn has_all(object: &Map<String, Value>, names: &Value) -> bool {
    names.as_array().is_none_or(|names| names.iter().filter_map(Value::as_str).all(|name| object.contains_key(name)))
}

fn each_fits(object: &Map<String, Value>, properties: &Value, models: &BTreeMap<String, Value>) -> bool {
    object.iter().all(|(name, value)| properties.get(name).is_none_or(|schema| fits(value, schema, models)))
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
            assert!(fits(value, &schema, &models), "{value} does not fit {schema}");
        }
        for value in wrong {
            assert!(!fits(value, &schema, &models), "{value} fits {schema}");
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
}
