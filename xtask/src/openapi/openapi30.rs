//! Schemas of OpenAPI 3.1, which are JSON Schema's, as those of OpenAPI 3.0, which are not.

use anyhow::{Context, Result};
use schemars::{
    Schema,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Manifest};

/// The manifest and an API of it with all their schemas in the older form.
pub(super) fn downgraded(manifest: &Manifest, api: &Api) -> Result<(Manifest, Api)> {
    let (mut manifest, mut api) = (manifest.clone(), api.clone());
    for operation in manifest.functions.iter_mut().filter_map(|it| it.operation.as_mut()) {
        let parameters = operation.parameters.iter_mut().map(|it| &mut it.schema);
        let replies = operation.replies.iter_mut().map(|it| &mut it.schema);
        for schema in parameters.chain(operation.body.iter_mut().map(|it| &mut it.schema)).chain(replies) {
            downgrade(schema)?;
        }
    }
    for schema in api.schemas.values_mut().filter_map(Value::as_object_mut) {
        downgrade(schema)?;
    }
    Ok((manifest, api))
}

fn downgrade(schema: &mut Map<String, Value>) -> Result<()> {
    let value = Value::Object(std::mem::take(schema));
    let mut whole = Schema::try_from(value).context("a schema of the manifest is none")?;
    for transform in &mut SchemaSettings::openapi3().transforms {
        transform.transform(&mut whole);
    }
    RecursiveTransform(limits).transform(&mut whole);
    RecursiveTransform(types).transform(&mut whole);
    RecursiveTransform(elements).transform(&mut whole);
    if let Value::Object(map) = whole.to_value() {
        *schema = map;
    }
    Ok(())
}

/// An exclusive limit is a flag beside the inclusive one.
fn limits(schema: &mut Schema) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(limit) = schema.get(exclusive).filter(|it| it.is_number()).cloned() {
            schema.insert(inclusive.into(), limit);
            schema.insert(exclusive.into(), true.into());
        }
    }
}

/// One type, or a choice of schemas.
fn types(schema: &mut Schema) {
    let Some(Value::Array(types)) = schema.get("type").cloned() else { return };
    schema.remove("type");
    let choices: Vec<Value> = types.into_iter().map(|it| json!({"type": it})).collect();
    schema.insert("anyOf".into(), choices.into());
}

/// All elements are alike; where they were not, each may be any of them.
fn elements(schema: &mut Schema) {
    if let Some(Value::Array(items)) = schema.get("items").cloned() {
        let mut choices: Vec<Value> = Vec::new();
        items.into_iter().for_each(|it| {
            if !choices.contains(&it) {
                choices.push(it);
            }
        });
        let any = if choices.len() == 1 { choices.remove(0) } else { json!({"anyOf": choices}) };
        schema.insert("items".into(), any);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &Value, expected: &Value) {
        let mut map = schema.as_object().cloned().unwrap();
        downgrade(&mut map).unwrap();
        assert_eq!(&Value::Object(map), expected);
    }

    #[test]
    fn what_may_be_null_is_nullable() {
        check(&json!({"type": ["string", "null"]}), &json!({"type": "string", "nullable": true}));
    }

    #[test]
    fn a_constant_is_an_enumeration_of_one() {
        let new = json!({"oneOf": [{"type": "string", "const": "open"}]});
        check(&new, &json!({"oneOf": [{"type": "string", "enum": ["open"]}]}));
    }

    #[test]
    fn a_description_stands_beside_no_reference() {
        let new = json!({"properties": {"a": {"$ref": "#/components/schemas/A", "description": "An A."}}});
        let old = json!({"properties": {"a": {"allOf": [{"$ref": "#/components/schemas/A"}], "description": "An A."}}});
        check(&new, &old);
    }

    #[test]
    fn a_tuple_is_a_list_whose_elements_are_any_of_its() {
        let pair = |second: &str| json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": second}]});
        check(&pair("integer"), &json!({"type": "array", "items": {"type": "integer"}}));
        let any = json!({"anyOf": [{"type": "integer"}, {"type": "string"}]});
        check(&pair("string"), &json!({"type": "array", "items": any}));
    }

    #[test]
    fn several_types_are_a_choice_and_exclusive_limits_are_flags() {
        check(&json!({"type": ["string", "number"]}), &json!({"anyOf": [{"type": "string"}, {"type": "number"}]}));
        check(
            &json!({"type": "number", "exclusiveMinimum": 0}),
            &json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
        );
    }
}
