//! The document that API Gateway imports: that of the template, with all that the handlers document.
//!
//! A REST API makes models of schemas, of which it takes a part only, so that its document has texts only beside the template's.
//! HTTP APIs read OpenAPI 3.0 only, and of it the routes, integrations and authorizers; what else is there they pass over as
//! information (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html>).

use anyhow::Result;
use serde_json::Value;
use skyloom_manifest::{
    Api, Manifest,
    rules::{PathTemplate, Segment},
};

use super::{
    document::{About, components, info},
    openapi30,
    operation::{of_integration, operation},
    responses::Shared,
};
use crate::template::api;

pub(super) fn document(manifest: &Manifest, api: &Api, about: &About) -> Result<Value> {
    let mut document = api::document(manifest, api);
    if api.rest().is_some() {
        add_texts(&mut document, manifest, api, about);
        return Ok(document);
    }
    let (manifest, api) = openapi30::downgraded(manifest, api)?;
    let shared = Shared::beside(&manifest, &api);
    for it in manifest.integrations_of(&api.name) {
        let mut operation = of_integration(&manifest, it, &shared);
        name_rest(&mut operation, &it.path);
        let (path, key) = api::place(it.method, &it.path);
        let Some(target) = document["paths"][path][key].as_object_mut() else { continue };
        target.remove("description");
        target.extend(operation.as_object().cloned().unwrap_or_default());
    }
    for route in manifest.routes(&api.name) {
        let mut operation = operation(route.function, route.path, route.auth, &shared);
        name_rest(&mut operation, route.path);
        let (path, key) = api::place(route.method, route.path);
        let Some(target) = document["paths"][path][key].as_object_mut() else { continue };
        target.remove("description"); // the operation has it in two parts
        target.extend(operation.as_object().cloned().unwrap_or_default());
    }
    document["info"] = info(&manifest, &api, about);
    let schemes = document["components"]["securitySchemes"].as_object().cloned().unwrap_or_default();
    document["components"] = components(&api, &shared, schemes);
    Ok(document)
}

/// What people read.
fn add_texts(document: &mut Value, manifest: &Manifest, api: &Api, about: &About) {
    let shared = Shared::beside(manifest, api);
    for route in manifest.routes(&api.name) {
        let operation = operation(route.function, route.path, route.auth, &shared);
        let (path, key) = api::place(route.method, route.path);
        for text in ["summary", "description", "tags"] {
            if let Some(value) = operation.get(text) {
                document["paths"][path][key.as_str()][text] = value.clone();
            }
        }
    }
    document["info"] = info(manifest, api, about);
}

/// API Gateway names a greedy parameter with its `+`.
fn name_rest(operation: &mut Value, path: &str) {
    let Ok(template) = PathTemplate::parse(path) else { return };
    let is_rest = |name: &str| template.segments().iter().any(|it| matches!(it, Segment::Rest(rest) if rest == name));
    let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        if parameter["in"] == "path" && is_rest(name) {
            parameter["name"] = format!("{name}+").into();
        }
    }
}
