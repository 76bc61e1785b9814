//! Routes without a function: how API Gateway calls what answers them, the role with which it does, and the mapping templates that
//! nobody has to write.

mod http;
mod item;
mod queue;
mod rest;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};
use skyloom_manifest::{Api, Integration, Manifest};

pub(crate) use self::item::model;
pub(super) use self::{http::operation as http_operation, rest::operation as rest_operation};
use super::{Resources, api, destination, intrinsic, name, policy};
use crate::stage::Stage;

const JSON: &str = "application/json";
/// What an integration that failed is answered with.
const FAILED: &str = r#"{"message": "Internal server error"}"#;

/// Adds the role and the queue of an integration that needs them.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, integration: &Integration, stage: &Stage) {
    let granted = integration.permissions();
    let granted = granted.iter().map(|permission| policy::granted(manifest, permission, stage));
    let queue = integration.queue();
    let told = queue.into_iter().flat_map(|queue| destination::statements(manifest, queue));
    let statements: Vec<_> = granted.chain(told).collect();
    if !statements.is_empty() {
        let role = policy::role(policy::assumed_by("apigateway.amazonaws.com"), statements);
        resources.add(name::integration_role(&integration.name), role);
    }
    queue.into_iter().for_each(|queue| destination::add(resources, queue));
}

/// The models of what may be written, and the validator that holds requests to them.
pub(super) fn add_models(document: &mut Value, manifest: &Manifest, api: &Api) {
    const VALIDATOR: &str = "body";
    for integration in manifest.integrations_of(&api.name) {
        let Some(model) = item::model(manifest, integration) else { continue };
        let (path, key) = api::place(integration.method, &integration.path);
        let name = name::integration_model(&integration.name);
        let operation = &mut document["paths"][path][key];
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        operation["requestBody"] = json!({"required": true, "content": {JSON: {"schema": schema}}});
        operation["x-amazon-apigateway-request-validator"] = VALIDATOR.into();
        document["components"]["schemas"][name] = model;
        document["x-amazon-apigateway-request-validators"][VALIDATOR] =
            json!({"validateRequestBody": true, "validateRequestParameters": false});
    }
}

fn credentials(integration: &Integration) -> Value {
    intrinsic::attribute(&name::integration_role(&integration.name), "Arn")
}

/// API Gateway names a greedy parameter without its `+` in an address.
fn without_plus(url: &str) -> String {
    url.replace("+}", "}")
}
