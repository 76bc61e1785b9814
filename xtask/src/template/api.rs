//! The HTTP API, as an OpenAPI document with API Gateway's extensions.
//!
//! SAM could make one from `HttpApi` events, but not a valid one: it has operations without responses, path parameters
//! without declaration, and `oauth2` without flows. This one has the shape that API Gateway itself exports, so that
//! importing it raises no warning, which `FailOnWarnings` would turn into a failed deployment.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Auth, Cors, Function, HttpMethod, Manifest, Trigger, UserPool,
    rules::{PathTemplate, Segment},
};

use super::{Resources, function, intrinsic, name, render};
use crate::stage::{Stage, Throttle};

/// Whether the application has an API: a route makes one.
pub(super) fn exists(manifest: &Manifest) -> bool {
    manifest.functions.iter().any(|function| matches!(function.trigger, Trigger::Http { .. }))
}

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, stage: &Stage) {
    let has_log = stage.settings.access_log.unwrap_or(true);
    if has_log {
        resources.add(
            name::ACCESS_LOG.into(),
            function::log_group("apigateway/${AWS::StackName}", stage.settings.log_retention_days),
        );
    }
    resources.add(
        name::HTTP_API.into(),
        json!({
            "Type": "AWS::Serverless::HttpApi",
            "Properties": {
                "AccessLogSettings": has_log.then(access_log),
                "DefaultRouteSettings": stage.settings.throttle.as_ref().map(throttling),
                "DefinitionBody": document(manifest),
                "FailOnWarnings": true,
            },
        }),
    );
}

/// A JSON object for each request.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
fn access_log() -> Value {
    const FIELDS: [(&str, &str); 11] = [
        ("authorizerError", "authorizer.error"),
        ("integrationError", "integrationErrorMessage"),
        ("integrationLatency", "integrationLatency"),
        ("ip", "identity.sourceIp"),
        ("protocol", "protocol"),
        ("requestId", "requestId"),
        ("requestTime", "requestTime"),
        ("responseLatency", "responseLatency"),
        ("responseLength", "responseLength"),
        ("routeKey", "routeKey"),
        ("status", "status"),
    ];
    let fields = FIELDS.map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\""));
    json!({
        "DestinationArn": intrinsic::attribute(name::ACCESS_LOG, "Arn"),
        "Format": format!("{{{}}}", fields.join(",")),
    })
}

fn throttling(throttle: &Throttle) -> Value {
    json!({"ThrottlingRateLimit": throttle.rate, "ThrottlingBurstLimit": throttle.burst})
}

/// Lets the API, and of it only that route, call the function.
pub(super) fn route_permission(function: &Function, method: HttpMethod, path: &str) -> Value {
    let route = if path == "$default" {
        path.into()
    } else {
        let method = if method == HttpMethod::Any { "*" } else { method.as_str() };
        format!("{method}{}", any_parameters(path))
    };
    permission(function, &format!("*/{route}"))
}

/// Lets the API, and of it only its authorizers, call the function.
pub(super) fn authorizer_permission(function: &Function) -> Value {
    permission(function, "authorizers/*")
}

fn permission(function: &Function, source: &str) -> Value {
    let api = name::HTTP_API;
    json!({
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": intrinsic::reference(&name::function(&function.name)),
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": intrinsic::substitute(format!(
                "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/{source}"
            )),
        },
    })
}

/// `/orders/{id}` as `/orders/*`: a wildcard takes the parameter's name as well as its value.
fn any_parameters(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The API as API Gateway imports it: its routes, integrations and authorizers.
pub(crate) fn document(manifest: &Manifest) -> Value {
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": manifest.application, "version": "1.0"},
        "paths": paths(manifest),
        "components": {"securitySchemes": security_schemes(manifest)},
        "x-amazon-apigateway-cors": manifest.api.as_ref().and_then(|api| api.cors.as_ref()).map(cors),
    });
    render::remove_nulls(&mut document);
    document
}

fn paths(manifest: &Manifest) -> Map<String, Value> {
    let mut paths = Map::new();
    for function in &manifest.functions {
        let Trigger::Http { method, path, auth } = &function.trigger else { continue };
        let (path, key) = place(*method, path);
        let item = paths.entry(path).or_insert_with(|| json!({"parameters": parameters(path)}));
        item[key] = operation(function, auth, path == "/$default");
    }
    paths
}

/// Where the operation of a route is in the document: the path, and the key there.
pub(crate) fn place(method: HttpMethod, path: &str) -> (&str, String) {
    match (path, method) {
        ("$default", _) => ("/$default", "x-amazon-apigateway-any-method".into()),
        (path, HttpMethod::Any) => (path, "x-amazon-apigateway-any-method".into()),
        (path, method) => (path, method.as_str().to_lowercase()),
    }
}

/// Path parameters; API Gateway names a greedy one with its `+`.
fn parameters(path: &str) -> Option<Vec<Value>> {
    let segments = PathTemplate::parse(path).ok()?;
    let parameters: Vec<_> = segments
        .segments()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) => Some(name.clone()),
            Segment::Rest(name) => Some(format!("{name}+")),
        })
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    (!parameters.is_empty()).then_some(parameters)
}

fn operation(function: &Function, auth: &Auth, is_default: bool) -> Value {
    json!({
        "operationId": function.name,
        "description": function.description,
        "security": security(auth),
        "responses": {"default": {"description": "The reply of the handler"}},
        "isDefaultRoute": is_default.then_some(true),
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "uri": invocation(&function.name),
        },
    })
}

/// Who a route asks for; a public one asks for nobody. Groups are not here: the function checks them.
fn security(auth: &Auth) -> Option<Value> {
    let (scheme, scopes) = match auth {
        Auth::Public => return None,
        Auth::UserPool { pool, scopes, .. } => (name::user_pool(pool), scopes.clone()),
        Auth::Authorizer { function } => (name::function(function), Vec::new()),
    };
    Some(json!([{scheme: scopes}]))
}

/// The authorizers: one for each user pool and each authorizer function that a route asks for.
fn security_schemes(manifest: &Manifest) -> Option<BTreeMap<String, Value>> {
    let mut schemes = BTreeMap::new();
    for function in &manifest.functions {
        let Trigger::Http { auth, .. } = &function.trigger else { continue };
        match auth {
            Auth::Public => {}
            Auth::UserPool { pool, .. } => {
                schemes
                    .extend(manifest.user_pool(pool).map(|pool| (name::user_pool(&pool.name), jwt_authorizer(pool))));
            }
            Auth::Authorizer { function } => {
                schemes.extend(manifest.function(function).map(|it| (name::function(&it.name), lambda_authorizer(it))));
            }
        }
    }
    (!schemes.is_empty()).then_some(schemes)
}

fn jwt_authorizer(pool: &UserPool) -> Value {
    let issuer =
        format!("https://cognito-idp.${{AWS::Region}}.${{AWS::URLSuffix}}/${{{}}}", name::user_pool(&pool.name));
    json!({
        "type": "oauth2",
        "flows": {},
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "$request.header.Authorization",
            "jwtConfiguration": {
                "issuer": intrinsic::substitute(issuer),
                "audience": [intrinsic::reference(&name::user_pool_client(&pool.name))],
            },
        },
    })
}

fn lambda_authorizer(function: &Function) -> Value {
    let cache = if let Trigger::Authorizer { cache, .. } = function.trigger { cache } else { 0 };
    json!({
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authorizer": {
            "type": "request",
            "identitySource": "$request.header.Authorization",
            "authorizerUri": invocation(&function.name),
            "authorizerPayloadFormatVersion": "2.0",
            "authorizerResultTtlInSeconds": cache,
            "enableSimpleResponses": true,
        },
    })
}

/// Where API Gateway calls a function.
fn invocation(function: &str) -> Value {
    intrinsic::substitute(format!(
        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{{}.Arn}}/invocations",
        name::function(function)
    ))
}

fn cors(cors: &Cors) -> Value {
    json!({
        "allowOrigins": cors.origins,
        "allowMethods": cors.methods,
        "allowHeaders": cors.headers,
        "exposeHeaders": (!cors.expose.is_empty()).then_some(&cors.expose),
        "allowCredentials": cors.credentials.then_some(true),
        "maxAge": cors.max_age,
    })
}
