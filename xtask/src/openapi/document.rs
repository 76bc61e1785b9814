use anyhow::Result;
use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Auth, HttpMethod, Integration, Manifest, Route, rules::PathTemplate};

use super::{aws, operation, responses::Shared, security};
use crate::{
    application::Application,
    template::{self, render},
};

const HEADER: &str =
    "# Made from the application's handlers by `cargo xtask openapi`. Do not edit it: run that again.\n";
/// The methods of OpenAPI that an `ANY` route takes.
const METHODS: [HttpMethod; 7] = [
    HttpMethod::Get,
    HttpMethod::Head,
    HttpMethod::Post,
    HttpMethod::Put,
    HttpMethod::Patch,
    HttpMethod::Delete,
    HttpMethod::Options,
];

/// Those whose requests have a body by themselves.
const BODIES: [HttpMethod; 3] = [HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch];

/// What the package says of the application.
#[derive(Debug, Default)]
pub(crate) struct About {
    pub(crate) version: String,
    pub(crate) description: Option<String>,
}

impl About {
    pub(crate) fn of(application: &Application) -> Self {
        Self { version: application.version.clone(), description: application.description.clone() }
    }
}

/// An OpenAPI document, in no particular notation.
#[derive(Debug)]
pub(crate) struct Document {
    value: Value,
}

impl Document {
    /// The document for people and generators, in OpenAPI 3.1.
    pub(crate) fn of(manifest: &Manifest, api: &Api, about: &About) -> Self {
        let shared = Shared::beside(manifest, api);
        let paths = paths(manifest, api, &shared);
        let value = json!({
            "openapi": "3.1.0",
            "info": info(manifest, api, about),
            "paths": paths,
            "components": components(api, &shared, security::schemes(manifest, api)),
        });
        Self { value }
    }

    /// The document that API Gateway imports.
    pub(crate) fn for_aws(manifest: &Manifest, api: &Api, about: &About) -> Result<Self> {
        Ok(Self { value: aws::document(manifest, api, about)? })
    }

    pub(crate) fn to_yaml(&self) -> Result<String> {
        Ok(HEADER.to_owned() + &render::plain_yaml(&self.value)?)
    }

    pub(crate) fn to_json(&self) -> Result<String> {
        render::json(&self.value)
    }

    /// The document itself, for tests that break it.
    #[cfg(test)]
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }
}

pub(super) fn info(manifest: &Manifest, api: &Api, about: &About) -> Value {
    present([
        ("title", Some(template::api::title(manifest, api).into())),
        ("version", Some(about.version.clone().into())),
        ("description", about.description.clone().map(Into::into)),
    ])
}

/// The schemas that the operations refer to, and who may call.
pub(super) fn components(api: &Api, shared: &Shared, security_schemes: Map<String, Value>) -> Value {
    let schemas: Map<String, Value> = api.schemas.clone().into_iter().chain(shared.schemas()).collect();
    present([
        ("schemas", (!schemas.is_empty()).then_some(Value::Object(schemas))),
        ("securitySchemes", (!security_schemes.is_empty()).then_some(Value::Object(security_schemes))),
    ])
}

/// `$default` is no path and is not there.
fn paths(manifest: &Manifest, api: &Api, shared: &Shared) -> Map<String, Value> {
    let mut paths = Map::new();
    for route in manifest.routes(&api.name).filter(|route| route.path != "$default") {
        let item = paths.entry(without_plus(route.path)).or_insert_with(|| json!({}));
        for (each, id) in methods(manifest, &route) {
            let mut operation = operation::operation(route.function, route.path, route.auth, shared);
            if route.method == HttpMethod::Any && !BODIES.contains(&each) {
                operation.as_object_mut().map(|it| it.remove("requestBody"));
            }
            operation["operationId"] = id.into();
            if *route.auth != Auth::Public {
                operation["security"] = security::requirement(route.auth);
            }
            item[each.as_str().to_lowercase()] = operation;
        }
    }
    for integration in manifest.integrations_of(&api.name).filter(|it| it.path != "$default") {
        let item = paths.entry(without_plus(&integration.path)).or_insert_with(|| json!({}));
        for (each, id) in methods_of(manifest, integration) {
            let mut operation = operation::of_integration(manifest, integration, shared);
            operation["operationId"] = id.into();
            if integration.auth != Auth::Public {
                operation["security"] = security::requirement(&integration.auth);
            }
            item[each.as_str().to_lowercase()] = operation;
        }
    }
    paths
}

/// The methods that a route takes, each with the id of its operation; `ANY` has those that no other route of the path takes.
fn methods(manifest: &Manifest, route: &Route<'_>) -> Vec<(HttpMethod, String)> {
    methods_at(manifest, route.api, &route.function.name, (route.method, route.path))
}

fn methods_of(manifest: &Manifest, it: &Integration) -> Vec<(HttpMethod, String)> {
    methods_at(manifest, &it.api, &it.name, (it.method, &it.path))
}

fn methods_at(
    manifest: &Manifest,
    api: &str,
    name: &str,
    (method, path): (HttpMethod, &str),
) -> Vec<(HttpMethod, String)> {
    if method != HttpMethod::Any {
        return vec![(method, name.to_owned())];
    }
    let same = |a: &str, b: &str| match (PathTemplate::parse(a), PathTemplate::parse(b)) {
        (Ok(a), Ok(b)) => a.same_shape(&b),
        _ => false,
    };
    let others = manifest.integrations_of(api).map(|it| (it.method, &*it.path));
    let taken: Vec<_> = manifest.routes(api).map(|it| (it.method, it.path)).chain(others).collect();
    let is_taken = |wanted: HttpMethod| taken.iter().any(|(method, other)| *method == wanted && same(other, path));
    let id = |method: HttpMethod| format!("{name}_{}", method.as_str().to_lowercase());
    METHODS.into_iter().filter(|method| !is_taken(*method)).map(|method| (method, id(method))).collect()
}

/// `/files/{path+}` as OpenAPI has it: `/files/{path}`.
pub(super) fn without_plus(path: &str) -> String {
    path.replace("+}", "}")
}

/// An object of the entries that are there. Taking out nulls afterwards would take them out of schemas, too.
pub(super) fn present<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>().into()
}
