//! Request validation: what of the arguments' types a REST API itself can hold requests to.
//!
//! Its models are of JSON Schema's draft 4, and its import takes a part of that. What it does not take is left open, so that
//! no request is refused which the handler would take: the handler's own arguments are the rule, this only spares calls. Headers
//! are left out because API Gateway tells the case of their names apart, and bodies that may be missing because it takes none
//! for an empty object.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Manifest, Operation, Place, Route};

use crate::template::{api, name};

const REFERENCE: &str = "#/components/schemas/";
const JSON: &str = "application/json";
/// What is kept of a schema as it is.
const KEPT: [&str; 6] = ["type", "enum", "minimum", "maximum", "minLength", "maxLength"];
/// What draft 4 or API Gateway's import knows otherwise or not at all, and without which the rest would refuse too much.
const CHOICES: [&str; 6] = ["anyOf", "oneOf", "allOf", "not", "if", "const"];

/// Adds the validators, and to each operation what its requests have to have.
pub(super) fn add(document: &mut Value, manifest: &Manifest, api: &Api) {
    let mut models = Models { api, names: BTreeMap::new(), schemas: BTreeMap::new() };
    for route in manifest.routes(&api.name) {
        let Some(known) = route.function.operation.as_deref() else { continue };
        let (path, key) = api::place(route.method, route.path);
        let operation = &mut document["paths"][path][key];
        let of_path = operation["parameters"].as_array().cloned().unwrap_or_default();
        let parameters: Vec<_> = of_path.into_iter().chain(parameters(known)).collect();
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if let Some(model) = models.of_body(&route, known) {
            let schema = json!({"$ref": format!("{REFERENCE}{model}")});
            operation["requestBody"] = json!({"required": true, "content": {JSON: {"schema": schema}}});
        }
    }
    if !models.schemas.is_empty() {
        document["components"]["schemas"] = json!(models.schemas);
    }
    document["x-amazon-apigateway-request-validators"] =
        json!({"all": {"validateRequestBody": true, "validateRequestParameters": true}});
    document["x-amazon-apigateway-request-validator"] = "all".into();
}

/// The parameters of the query string that have to be there. That values fit their types is not looked at.
fn parameters(known: &Operation) -> impl Iterator<Item = Value> {
    let required = known.parameters.iter().filter(|it| it.place == Place::Query && it.required);
    required.map(|it| json!({"name": it.name, "in": "query", "required": true, "schema": {"type": "string"}}))
}

/// The models of an API as they are put together.
struct Models<'a> {
    api: &'a Api,
    /// Their names by those of the schemas that they are made of: a model's has letters and digits only.
    names: BTreeMap<String, String>,
    schemas: BTreeMap<String, Value>,
}

impl Models<'_> {
    /// The name of the model of a JSON body that has to be there, if anything can be held to it.
    fn of_body(&mut self, route: &Route<'_>, known: &Operation) -> Option<String> {
        let body = known.body.as_ref().filter(|body| body.required && body.content_type == JSON)?;
        let schema = self.relaxed(&Value::Object(body.schema.clone()));
        if let Some(model) = schema["$ref"].as_str().and_then(|it| it.strip_prefix(REFERENCE)) {
            return Some(model.to_owned());
        }
        let model = name::function(&route.function.name) + "Body";
        (!is_open(&schema)).then(|| {
            self.schemas.insert(model.clone(), schema);
            model
        })
    }

    /// The part of a schema that API Gateway can hold a value to; an empty one for what it cannot.
    fn relaxed(&mut self, schema: &Value) -> Value {
        let Some(schema) = schema.as_object() else { return json!({}) };
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(REFERENCE)) {
            return self.reference(name);
        }
        let has_several_types = schema.get("type").is_some_and(Value::is_array);
        if has_several_types || CHOICES.iter().any(|choice| schema.contains_key(*choice)) {
            return json!({});
        }
        let kept = KEPT.into_iter().filter_map(|key| Some((key.to_owned(), schema.get(key)?.clone())));
        let mut relaxed: Map<_, _> = kept.collect();
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let properties: Map<_, _> = properties.iter().map(|(name, it)| (name.clone(), self.relaxed(it))).collect();
            relaxed.insert("properties".into(), properties.into());
        }
        if let Some(required) = schema.get("required").filter(|it| it.as_array().is_some_and(|it| !it.is_empty())) {
            relaxed.insert("required".into(), required.clone());
        }
        if let Some(items) = schema.get("items").filter(|it| it.is_object()) {
            relaxed.insert("items".into(), self.relaxed(items));
        }
        relaxed.into()
    }

    /// A schema by its name; one of which nothing is left is open where it stands.
    fn reference(&mut self, name: &str) -> Value {
        if let Some(model) = self.names.get(name) {
            return json!({"$ref": format!("{REFERENCE}{model}")});
        }
        let Some(schema) = self.api.schemas.get(name) else { return json!({}) };
        let model = self.free_name(name);
        self.names.insert(name.to_owned(), model.clone()); // before its own schema, which may lead back to it
        let relaxed = self.relaxed(schema);
        if is_open(&relaxed) {
            self.names.remove(name);
            return relaxed;
        }
        self.schemas.insert(model.clone(), relaxed);
        json!({"$ref": format!("{REFERENCE}{model}")})
    }

    fn free_name(&self, name: &str) -> String {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_taken = |name: &String| self.names.values().any(|taken| taken == name);
        let numbered = (2..).map(|number| format!("{plain}{number}"));
        std::iter::once(plain.clone()).chain(numbered).find(|name| !is_taken(name)).unwrap_or(plain)
    }
}

fn is_open(schema: &Value) -> bool {
    schema.as_object().is_none_or(Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relaxed(schema: Value, schemas: Value) -> (Value, Value) {
        let api = Api { schemas: serde_json::from_value(schemas).unwrap(), ..Api::undeclared() };
        let mut models = Models { api: &api, names: BTreeMap::new(), schemas: BTreeMap::new() };
        (models.relaxed(&schema), json!(models.schemas))
    }

    #[test]
    fn what_api_gateway_does_not_take_is_left_open() {
        let schema = json!({
            "type": "object",
            "title": "New",
            "additionalProperties": false,
            "required": ["name", "kind"],
            "properties": {
                "name": {"type": "string", "maxLength": 9, "pattern": "^a"},
                "kind": {"oneOf": [{"const": "a"}, {"const": "b"}]},
                "note": {"type": ["string", "null"]},
                "count": {"type": "integer", "format": "uint32", "minimum": 0},
                "lines": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            },
        });
        let expected = json!({
            "type": "object",
            "required": ["name", "kind"],
            "properties": {
                "name": {"type": "string", "maxLength": 9},
                "kind": {},
                "note": {},
                "count": {"type": "integer", "minimum": 0},
                "lines": {"type": "array", "items": {"type": "string"}},
            },
        });
        assert_eq!(relaxed(schema, json!({})), (expected, json!({})));
    }

    #[test]
    fn a_model_has_letters_and_digits_and_may_lead_back_to_itself() {
        let schemas = json!({
            "Tree_Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Tree_Node"}}},
            "TreeNode": {"type": "string"},
            "Open": {"anyOf": []},
        });
        let refer = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let schema = json!({"properties": {"a": refer("Tree_Node"), "b": refer("TreeNode"), "c": refer("Open")}});
        let (schema, models) = relaxed(schema, schemas);
        assert_eq!(schema, json!({"properties": {"a": refer("TreeNode"), "b": refer("TreeNode2"), "c": {}}}));
        let tree = json!({"type": "object", "properties": {"next": refer("TreeNode")}});
        assert_eq!(models, json!({"TreeNode": tree, "TreeNode2": {"type": "string"}}));
    }
}
