//! The routes and who may call them, before and after, as the API's OpenAPI document says, or, of a WebSocket API, its resources.
//!
//! Groups are not in it: the functions themselves check them.

mod socket;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::template::Template;

/// What of an API has a document: SAM's resources and what becomes of them.
const APIS: [&str; 4] =
    ["AWS::Serverless::HttpApi", "AWS::Serverless::Api", "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi"];

/// What OpenAPI calls operations; all else in a path's item is about all of them.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", ANY];

/// API Gateway's word for the rest of the methods.
const ANY: &str = "x-amazon-apigateway-any-method";

/// Who may call a route that asks for nobody.
pub(super) const PUBLIC: &str = "Public";

/// A route that is not as it was.
#[derive(Debug, Serialize)]
pub(crate) struct Route {
    /// `GET /orders/{id}`
    pub(super) route: String,
    /// Who might call it; it was not there if nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
    /// Who may call it; it is not there any more if nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<String>,
    /// Whether everybody may call it, which was not so.
    pub(super) becomes_public: bool,
}

/// Those that are added, removed or have another auth.
pub(super) fn changed(old: Template<'_>, new: Template<'_>) -> Vec<Route> {
    let (before, after) = (routes(old), routes(new));
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let apis: BTreeSet<_> = all.iter().map(|key| &key.api).collect();
    let differ = all.into_iter().filter(|key| before.get(*key) != after.get(*key));
    differ
        .map(|key| {
            let (before, after) = (before.get(key).cloned(), after.get(key).cloned());
            let becomes_public = is_public(after.as_deref()) && !is_public(before.as_deref());
            Route { route: key.name(apis.len() > 1), before, after, becomes_public }
        })
        .collect()
}

/// An operation of an API's document.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The API's logical id.
    api: String,
    path: String,
    /// Empty for a route of a WebSocket API.
    method: String,
}

impl Key {
    /// The route as it is declared; where there are several APIs, with its own.
    fn name(&self, with_api: bool) -> String {
        let Self { api, path, method } = self;
        let route = match path.as_str() {
            "/$default" => "$default".into(),
            key if method.is_empty() => key.into(),
            path => format!("{method} {path}"),
        };
        if with_api { format!("{route} of {api}") } else { route }
    }
}

fn is_public(auth: Option<&str>) -> bool {
    auth == Some(PUBLIC)
}

/// The auth of each path and method, but for those that the API answers by itself.
fn routes(template: Template<'_>) -> BTreeMap<Key, String> {
    let mut routes: BTreeMap<_, _> = socket::routes(template).collect();
    for (id, api) in template.of_types(&APIS) {
        let properties = &api["Properties"];
        let Some(document) = properties.get("DefinitionBody").or_else(|| properties.get("Body")) else { continue };
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method).filter(|it| !is_mock(it)) {
                    let method = if method == ANY { "ANY".into() } else { method.to_uppercase() };
                    let key = Key { api: id.to_owned(), path: path.clone(), method };
                    routes.insert(key, auth(document, operation));
                }
            }
        }
    }
    routes
}

/// Whether nothing stands behind an operation: the answer to a preflight request is such.
fn is_mock(operation: &Value) -> bool {
    operation["x-amazon-apigateway-integration"]["type"] == "mock"
}

/// An operation's own requirements go before the document's; one of them is enough.
fn auth(document: &Value, operation: &Value) -> String {
    if operation["x-amazon-apigateway-auth"]["type"] == "AWS_IAM" {
        return "AWS_IAM".into();
    }
    let requirements = operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    let requirements: Vec<String> = requirements.into_iter().flatten().map(requirement).collect();
    match requirements.is_empty() || requirements.iter().any(String::is_empty) {
        true => PUBLIC.into(),
        false => requirements.join(" or "),
    }
}

/// `ShopperUserPool (orders/read)`
fn requirement(schemes: &Value) -> String {
    let schemes = schemes.as_object().into_iter().flatten().map(|(scheme, scopes)| {
        let scopes: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if scopes.is_empty() { scheme.clone() } else { format!("{scheme} ({})", scopes.join(", ")) }
    });
    schemes.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn auth_of(document: Value, operation: Value) -> String {
        auth(&document, &operation)
    }

    #[test]
    fn a_route_is_told_with_its_api_where_there_are_several_and_answers_of_the_api_itself_are_none() {
        let of = |operations: Value| json!({"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {"paths": {"/a": operations}}}});
        let get = json!({"get": {"security": []}});
        let preflight =
            json!({"get": {"security": []}, "options": {"x-amazon-apigateway-integration": {"type": "mock"}}});
        let one = json!({"Resources": {"RestApi": of(get.clone())}});
        let with_preflight = json!({"Resources": {"RestApi": of(preflight)}});
        let two = json!({"Resources": {"RestApi": of(get.clone()), "SiteRestApi": of(get)}});
        let told = |old: &Value, new: &Value| -> Vec<String> {
            changed(Template::new(Some(old)), Template::new(Some(new))).into_iter().map(|it| it.route).collect()
        };
        assert_eq!(told(&one, &with_preflight), [""; 0]);
        assert_eq!(told(&json!({}), &one), ["GET /a"]);
        assert_eq!(told(&one, &two), ["GET /a of SiteRestApi"]);
    }

    #[test]
    fn an_operation_without_requirements_has_the_document_s() {
        let document = json!({"security": [{"Pool": []}]});
        assert_eq!(auth_of(document.clone(), json!({})), "Pool");
        assert_eq!(auth_of(document, json!({"security": []})), "Public");
        assert_eq!(auth_of(json!({}), json!({})), "Public");
    }

    #[test]
    fn requirements_are_told_with_scopes_and_alternatives() {
        let security = json!({"security": [{"Pool": ["a", "b"]}, {"Key": [], "Other": []}]});
        assert_eq!(auth_of(json!({}), security), "Pool (a, b) or Key and Other");
        assert_eq!(auth_of(json!({}), json!({"security": [{"Pool": []}, {}]})), "Public");
        assert_eq!(auth_of(json!({}), json!({"x-amazon-apigateway-auth": {"type": "AWS_IAM"}})), "AWS_IAM");
    }
}
