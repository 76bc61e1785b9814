//! Parameters from the schema of the struct, the tuple or the one value that takes them.

use ::http::StatusCode;
use serde_json::{Map, Value};
use skyloom_manifest::{Parameter, Place};

use super::{Request, TypeSchema};

type Object = Map<String, Value>;

/// The parameters of the path: by name of a struct, in order of a tuple, or the first alone.
pub(super) fn of_path(request: &mut Request<'_>, value: TypeSchema) {
    request.note(value);
    let whole = value.inline(request.schemas);
    let schemas: Vec<(String, Object)> = match (whole.get("properties"), whole.get("prefixItems")) {
        (Some(Value::Object(fields)), _) => {
            let taken = request.path.iter().filter_map(|name| Some((name.clone(), object(fields.get(name)?))));
            taken.collect()
        }
        (_, Some(Value::Array(items))) => request.path.iter().cloned().zip(items.iter().map(object)).collect(),
        _ => {
            let schema = value.referred(request.schemas);
            request.path.first().map(|name| (name.clone(), schema)).into_iter().collect()
        }
    };
    if schemas.iter().any(|(_, schema)| !is_any_text(schema)) {
        request.rejects(StatusCode::BAD_REQUEST);
    }
    request.parameters.extend(schemas.into_iter().map(|(name, schema)| parameter(Place::Path, name, true, schema)));
}

/// The fields of a struct. A query or headers that do not fit are refused.
pub(super) fn of_fields(request: &mut Request<'_>, place: Place, value: TypeSchema) {
    request.note(value);
    request.rejects(StatusCode::BAD_REQUEST);
    let whole = value.inline(request.schemas);
    let required: Vec<&str> =
        whole.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(Value::Object(fields)) = whole.get("properties") else { return };
    for (field, schema) in fields {
        // A header's field is its name in lower case, with `_` for `-`.
        let name = if place == Place::Header { field.replace('_', "-").to_lowercase() } else { field.clone() };
        let required = required.contains(&field.as_str());
        request.parameters.push(parameter(place, name, required, object(schema)));
    }
}

fn parameter(place: Place, name: String, required: bool, mut schema: Object) -> Parameter {
    remove_null(&mut schema);
    let description = match schema.remove("description") {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    Parameter { place, name, required, description, schema }
}

/// A parameter is there or it is not; there is no text that is `null`.
fn remove_null(schema: &mut Object) {
    if schema.get("default") == Some(&Value::Null) {
        schema.remove("default");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|it| it != "null");
        if let [only] = &mut types[..] {
            let only = only.take();
            schema.insert("type".into(), only);
        }
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else { return };
    choices.retain(|it| it["type"] != "null");
    if let [Value::Object(only)] = &mut choices[..] {
        let only = std::mem::take(only);
        schema.remove("anyOf");
        schema.extend(only);
    }
}

/// Whether every text fits, so that none is refused.
fn is_any_text(schema: &Object) -> bool {
    let harmless = |key: &String| ["type", "description", "title"].contains(&key.as_str());
    schema.get("type").is_some_and(|it| it == "string") && schema.keys().all(harmless)
}

fn object(schema: &Value) -> Object {
    schema.as_object().cloned().unwrap_or_default()
}
