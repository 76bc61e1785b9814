//! Request validation: the models of bodies and the parameters that have to be there, as the API's document says them.

use serde_json::{Value, json};
use skyloom_manifest::{Api, Manifest, Models, required_query};

use crate::template::{api, name};

const REFERENCE: &str = "#/components/schemas/";

/// Adds the validators, and to each operation what its requests have to have.
pub(super) fn add(document: &mut Value, manifest: &Manifest, api: &Api) {
    let models = Models::new(manifest, api, |function| name::function(&function.name));
    for route in manifest.routes(&api.name) {
        let Some(known) = route.function.operation.as_deref() else { continue };
        let (path, key) = api::place(route.method, route.path);
        let operation = &mut document["paths"][path][key];
        let required = required_query(known);
        super::document::declare(
            operation,
            required.map(|name| json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}})),
        );
        if let Some(model) = models.of_body(&route.function.name) {
            let schema = json!({"$ref": format!("{REFERENCE}{model}")});
            operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        }
    }
    if !models.schemas().is_empty() {
        document["components"]["schemas"] = json!(models.schemas());
    }
    document["x-amazon-apigateway-request-validators"] =
        json!({"all": {"validateRequestBody": true, "validateRequestParameters": true}});
    document["x-amazon-apigateway-request-validator"] = "all".into();
}
