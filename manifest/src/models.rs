//! What of the arguments' types a REST API itself holds requests to.
//!
//! Its models are of JSON Schema's draft 4, and its import takes a part of that. What it does not take is left open, so that
//! no request is refused which the handler would take: the handler's own arguments are the rule, this only spares calls. Headers
//! are left out because API Gateway tells the case of their names apart, and bodies that may be missing because it takes none
//! for an empty object.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>

mod mismatch;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{Api, Function, Manifest, Operation, Place};

/// Where a schema names another one.
const REFERENCE: &str = "#/components/schemas/";
/// The one type of body that there are models for.
const JSON: &str = "application/json";
/// What is kept of a schema as it is.
const KEPT: [&str; 6] = ["type", "enum", "minimum", "maximum", "minLength", "maxLength"];
/// What draft 4 or API Gateway's import knows otherwise or not at all, and without which the rest would refuse too much.
const CHOICES: [&str; 6] = ["anyOf", "oneOf", "allOf", "not", "if", "const"];

/// The models of an API's bodies.
#[derive(Clone, Debug, Default)]
pub struct Models {
    schemas: BTreeMap<String, Value>,
    /// The model of a function's body, by the function's name.
    bodies: BTreeMap<String, String>,
}

impl Models {
    /// The models of the bodies of an API's routes. `named` is what a function is called in the API.
    pub fn new(manifest: &Manifest, api: &Api, named: impl Fn(&Function) -> String) -> Self {
        let mut making = Making { api, names: BTreeMap::new(), schemas: BTreeMap::new() };
        let mut bodies = BTreeMap::new();
        for route in manifest.routes(&api.name) {
            let Some(operation) = route.function.operation.as_deref() else { continue };
            if let Some(model) = making.of_body(operation, || named(route.function) + "Body") {
                bodies.insert(route.function.name.clone(), model);
            }
        }
        Self { schemas: making.schemas, bodies }
    }

    /// The schemas by their names, which are letters and digits.
    pub const fn schemas(&self) -> &BTreeMap<String, Value> {
        &self.schemas
    }

    /// The name of the model that a function's body has to fit, if anything can be held to it.
    pub fn of_body(&self, function: &str) -> Option<&str> {
        self.bodies.get(function).map(String::as_str)
    }

    /// Why a value does not fit a model, in API Gateway's words; nothing if it does.
    pub fn mismatches(&self, model: &str, value: &Value) -> Vec<String> {
        self.schemas.get(model).map_or_else(Vec::new, |schema| mismatch::all(value, schema, &self.schemas))
    }
}

/// The parameters of the query string that have to be there. That values fit their types is not looked at.
pub fn required_query(operation: &Operation) -> impl Iterator<Item = &str> {
    let required = operation.parameters.iter().filter(|it| it.place == Place::Query && it.required);
    required.map(|it| it.name.as_str())
}

/// Models as they are put together.
struct Making<'a> {
    api: &'a Api,
    /// Their names by those of the schemas that they are made of: a model's has letters and digits only.
    names: BTreeMap<String, String>,
    schemas: BTreeMap<String, Value>,
}

impl Making<'_> {
    /// The name of the model of a JSON body that has to be there, if anything can be held to it.
    fn of_body(&mut self, operation: &Operation, named: impl FnOnce() -> String) -> Option<String> {
        let body = operation.body.as_ref().filter(|body| body.required && body.content_type == JSON)?;
        let schema = self.relaxed(&Value::Object(body.schema.clone()));
        if let Some(model) = referred(&schema) {
            return Some(model.to_owned());
        }
        (!is_open(&schema)).then(|| {
            let model = named();
            self.schemas.insert(model.clone(), schema);
            model
        })
    }

    /// The part of a schema that API Gateway can hold a value to; an empty one for what it cannot.
    fn relaxed(&mut self, schema: &Value) -> Value {
        if let Some(name) = referred(schema) {
            return self.reference(name);
        }
        let Some(schema) = schema.as_object() else { return json!({}) };
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

/// The name of the schema that stands in this one's place.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|it| it.strip_prefix(REFERENCE))
}

fn is_open(schema: &Value) -> bool {
    schema.as_object().is_none_or(Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relaxed(schema: Value, schemas: Value) -> (Value, Value) {
        let api = Api { schemas: serde_json::from_value(schemas).unwrap(), ..Api::undeclared() };
        let mut making = Making { api: &api, names: BTreeMap::new(), schemas: BTreeMap::new() };
        (making.relaxed(&schema), json!(making.schemas))
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
