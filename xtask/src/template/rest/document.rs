//! The document that API Gateway imports as a REST API.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Api, Auth, Endpoint, Function, IdentitySource, Manifest, RestApi, Route,
    rules::{PathTemplate, Segment},
};

use super::{cache, cors, responses, validation};
use crate::{
    stage::ApiSettings,
    template::{api, integration, intrinsic, name, render},
};

/// The name of the scheme of those who sign with credentials of AWS.
pub(in crate::template) const IAM: &str = "AwsIam";
/// The name of the scheme of those who have a key.
const API_KEY: &str = "ApiKey";

/// The API with its methods, integrations and authorizers.
pub(in crate::template) fn document(
    manifest: &Manifest,
    (api, rest): (&Api, &RestApi),
    settings: &ApiSettings,
) -> Value {
    let has_binary = !rest.binary_media_types.is_empty();
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": api::title(manifest, api), "version": "1.0"},
        "paths": paths(manifest, api, has_binary),
        "components": {"securitySchemes": security_schemes(manifest, api)},
        "x-amazon-apigateway-api-key-source": asks_for_keys(manifest, api).then_some("HEADER"),
        "x-amazon-apigateway-binary-media-types": has_binary.then_some(&rest.binary_media_types),
        "x-amazon-apigateway-gateway-responses": responses::all(api, rest),
        "x-amazon-apigateway-minimum-compression-size": rest.minimum_compression,
        "x-amazon-apigateway-policy": policy(manifest, (api, rest), settings),
    });
    render::remove_nulls(&mut document);
    if rest.validate {
        validation::add(&mut document, manifest, api);
    }
    integration::add_models(&mut document, manifest, api);
    cache::add(&mut document, manifest, api);
    document
}

/// Whether a route is for those who have a key.
pub(super) fn asks_for_keys(manifest: &Manifest, api: &Api) -> bool {
    manifest.auths(&api.name).any(|auth| *auth == Auth::ApiKey)
}

fn paths(manifest: &Manifest, api: &Api, has_binary: bool) -> Map<String, Value> {
    let mut paths = Map::new();
    for route in manifest.routes(&api.name) {
        let (path, key) = api::place(route.method, route.path);
        paths.entry(path).or_insert_with(|| json!({}))[key] = operation(&route);
    }
    for it in manifest.integrations_of(&api.name) {
        let (path, key) = api::place(it.method, &it.path);
        paths.entry(path).or_insert_with(|| json!({}))[key] =
            integration::rest_operation(manifest, it, security(&it.auth));
    }
    for (path, item) in &mut paths {
        if let (Some(cors), None) = (&api.cors, item.get("options")) {
            item["options"] = cors::preflight(cors, has_binary);
        }
        if let (Some(parameters), Some(operations)) = (parameters(path), item.as_object_mut()) {
            operations.values_mut().for_each(|operation| operation["parameters"] = parameters.clone().into());
        }
    }
    paths
}

/// Path parameters, at each operation and a greedy one without its `+`, as API Gateway exports a REST API.
fn parameters(path: &str) -> Option<Vec<Value>> {
    let template = PathTemplate::parse(path).ok()?;
    let parameters: Vec<_> = template
        .segments()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) | Segment::Rest(name) => Some(name),
        })
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    (!parameters.is_empty()).then_some(parameters)
}

/// Names parameters of a method, of which each is there once.
pub(super) fn declare(operation: &mut Value, parameters: impl Iterator<Item = Value>) {
    let mut declared = operation["parameters"].as_array().cloned().unwrap_or_default();
    for parameter in parameters {
        let is_it = |other: &Value| other["name"] == parameter["name"] && other["in"] == parameter["in"];
        if !declared.iter().any(is_it) {
            declared.push(parameter);
        }
    }
    if !declared.is_empty() {
        operation["parameters"] = declared.into();
    }
}

/// A function that is a proxy, whose event is of payload format 1.0: a REST API knows no other. A description would become
/// a part of the API's separate documentation, of which there are few.
fn operation(route: &Route<'_>) -> Value {
    let streaming = route.function.streaming;
    let uri = if streaming { api::streaming_invocation(route.function) } else { api::invocation(route.function) };
    json!({
        "operationId": route.function.name,
        "security": security(route.auth),
        "responses": {"200": {"description": "The reply of the handler"}},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "passthroughBehavior": "when_no_match",
            "responseTransferMode": streaming.then_some("STREAM"),
            "timeoutInMillis": streaming.then_some(u64::from(route.function.timeout) * 1000),
            "uri": uri,
        },
    })
}

/// Who a method asks for; a public one asks for nobody. Groups are not here: the function checks them.
fn security(auth: &Auth) -> Option<Value> {
    let (scheme, scopes) = match auth {
        Auth::Public => return None,
        Auth::Iam => (IAM.to_owned(), Vec::new()),
        Auth::ApiKey => (API_KEY.to_owned(), Vec::new()),
        Auth::UserPool { pool, scopes, .. } => (name::user_pool(pool), scopes.clone()),
        Auth::Authorizer { function } => (name::function(function), Vec::new()),
    };
    Some(json!([{scheme: scopes}]))
}

fn security_schemes(manifest: &Manifest, api: &Api) -> Option<BTreeMap<String, Value>> {
    let schemes: BTreeMap<_, _> = manifest.auths(&api.name).filter_map(|auth| scheme(manifest, auth)).collect();
    (!schemes.is_empty()).then_some(schemes)
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html>
fn scheme(manifest: &Manifest, auth: &Auth) -> Option<(String, Value)> {
    match auth {
        Auth::Public => None,
        Auth::Iam => Some((IAM.into(), iam_scheme())),
        Auth::ApiKey => Some((API_KEY.into(), json!({"type": "apiKey", "in": "header", "name": "x-api-key"}))),
        Auth::UserPool { pool, .. } => {
            let id = name::user_pool(pool);
            let authorizer = json!({"type": "cognito_user_pools", "providerARNs": [intrinsic::attribute(&id, "Arn")]});
            Some((id, in_authorization("cognito_user_pools", &authorizer)))
        }
        Auth::Authorizer { function } => {
            let function = manifest.function(function)?;
            Some((name::function(&function.name), function_scheme(function)))
        }
    }
}

/// Signature Version 4, which API Gateway knows by itself, of an HTTP API as well.
pub(in crate::template) fn iam_scheme() -> Value {
    json!({
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authtype": "awsSigv4",
    })
}

fn in_authorization(authtype: &str, authorizer: &Value) -> Value {
    json!({
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authtype": authtype,
        "x-amazon-apigateway-authorizer": authorizer,
    })
}

/// An authorizer handler that reads the bearer token alone is of the type `token`, any other of the type `request`. A request without
/// what identifies the caller is refused without a call.
fn function_scheme(function: &Function) -> Value {
    let (cache, options) = api::authorizer_of(function);
    let sources: Vec<_> = options.sources().iter().map(IdentitySource::of_rest).collect();
    let mut scheme = in_authorization(
        "custom",
        &json!({
            "type": if options.is_of_token() { "token" } else { "request" },
            "authorizerUri": api::invocation(function),
            "authorizerResultTtlInSeconds": cache,
            "identitySource": (!sources.is_empty()).then(|| sources.join(", ")),
            "identityValidationExpression": options.validation,
        }),
    );
    // AWS's word where it is not one header.
    scheme["name"] = if options.is_of_token() { options.token_header().into() } else { "Unused".into() };
    scheme
}

/// What the API says of addresses, and of private endpoints.
fn policy(manifest: &Manifest, (api, rest): (&Api, &RestApi), settings: &ApiSettings) -> Option<Value> {
    let of_addresses = manifest.resource_policy(api);
    let of_endpoints = endpoint_statements(rest, settings, &manifest.open_methods(api));
    let mut policy = match (of_addresses, &of_endpoints) {
        (None, None) => return None,
        (Some(policy), _) => policy,
        (None, Some(_)) => json!({"Version": "2012-10-17", "Statement": []}),
    };
    if let Some(all) = policy["Statement"].as_array_mut() {
        all.extend(of_endpoints.into_iter().flatten());
    }
    Some(policy)
}

/// Only the VPC endpoints that the stage names lead to a private API. They are enough for the methods that are open to everybody; the
/// denial holds back those whom a policy of their own or an authorizer's allows to call. `execute-api:/*` is every method of the API.
fn endpoint_statements(rest: &RestApi, settings: &ApiSettings, open: &[String]) -> Option<Vec<Value>> {
    let endpoints = &settings.vpc_endpoints;
    let statement = |effect: &str, resource: Value, condition: Value| {
        json!({
            "Effect": effect,
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": resource,
            "Condition": condition,
        })
    };
    (rest.endpoint == Endpoint::Private && !endpoints.is_empty()).then(|| {
        let allow = statement("Allow", json!(open), json!({"StringEquals": {"aws:SourceVpce": endpoints}}));
        let deny =
            statement("Deny", "execute-api:/*".into(), json!({"StringNotEquals": {"aws:SourceVpce": endpoints}}));
        (!open.is_empty()).then_some(allow).into_iter().chain([deny]).collect()
    })
}
