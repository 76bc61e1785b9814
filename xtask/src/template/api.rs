//! What all APIs have, and HTTP APIs, as an OpenAPI document with API Gateway's extensions.
//!
//! SAM could make one from `HttpApi` events, but not a valid one: it has operations without responses, path parameters
//! without declaration, and `oauth2` without flows. This one has the shape that API Gateway itself exports, so that
//! importing it raises no warning, which `FailOnWarnings` would turn into a failed deployment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Api, ApiKind, Auth, Cors, Function, HttpMethod, Manifest, Route, Trigger, UserPool,
    rules::{PathTemplate, Segment},
};

use super::{Resources, function, intrinsic, name, oauth, render, rest, target};
use crate::stage::{ApiSettings, Stage, Throttle};

/// The APIs that have routes: without one there is nothing to deploy.
pub(crate) fn with_routes(manifest: &Manifest) -> impl Iterator<Item = &Api> {
    let has_routes: BTreeSet<_> = manifest.functions.iter().filter_map(Route::of).map(|route| route.api).collect();
    manifest.apis.iter().filter(move |api| has_routes.contains(api.name.as_str()))
}

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, api: &Api, stage: &Stage) {
    if stage.api(api).has_access_log() {
        let log = function::log_group(&log_group(api), stage.settings.log_retention_days);
        resources.add(name::access_log(api), log);
    }
    match &api.kind {
        ApiKind::Http => add_http(resources, manifest, api, stage),
        ApiKind::Rest(rest) => rest::add(resources, manifest, (api, rest), stage),
    }
    for function in authorizers(manifest, api) {
        resources.add(name::authorizer_permission(&function.name, api), permission(function, api, "authorizers/*"));
    }
}

fn add_http(resources: &mut Resources, manifest: &Manifest, api: &Api, stage: &Stage) {
    let settings = stage.api(api);
    resources.add(
        name::api(api),
        json!({
            "Type": "AWS::Serverless::HttpApi",
            "Properties": {
                "AccessLogSettings": settings.has_access_log().then(|| access_log(api)),
                "DefaultRouteSettings": settings.throttle.as_ref().map(throttling),
                "StageVariables": (!settings.variables.is_empty()).then_some(&settings.variables),
                "DefinitionBody": http_document(manifest, api),
                "FailOnWarnings": true,
            },
        }),
    );
}

fn log_group(api: &Api) -> String {
    let own = if api.default { String::new() } else { format!("/{}", api.name) };
    format!("apigateway/${{AWS::StackName}}{own}")
}

/// The authorizer functions that the API's routes ask.
fn authorizers<'a>(manifest: &'a Manifest, api: &Api) -> impl Iterator<Item = &'a Function> {
    let asked = manifest.routes(&api.name).filter_map(|route| match route.auth {
        Auth::Authorizer { function } => Some(function.as_str()),
        Auth::Public | Auth::Iam | Auth::ApiKey | Auth::UserPool { .. } => None,
    });
    let names: BTreeSet<_> = asked.collect();
    names.into_iter().filter_map(|name| manifest.function(name))
}

/// A JSON object for each request.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
fn access_log(api: &Api) -> Value {
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
    access_log_to(api, &FIELDS)
}

/// The API's log group, and a line of these fields.
pub(super) fn access_log_to(api: &Api, fields: &[(&str, &str)]) -> Value {
    let fields: Vec<_> = fields.iter().map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\"")).collect();
    json!({
        "DestinationArn": intrinsic::attribute(&name::access_log(api), "Arn"),
        "Format": format!("{{{}}}", fields.join(",")),
    })
}

fn throttling(throttle: &Throttle) -> Value {
    json!({"ThrottlingRateLimit": throttle.rate, "ThrottlingBurstLimit": throttle.burst})
}

/// Lets the API, and of it only that route, call the function.
pub(super) fn route_permission(api: &Api, route: &Route<'_>) -> Value {
    let source = if route.path == "$default" {
        route.path.into()
    } else {
        let method = if route.method == HttpMethod::Any { "*" } else { route.method.as_str() };
        format!("{method}{}", any_parameters(route.path))
    };
    permission(route.function, api, &format!("*/{source}"))
}

fn permission(function: &Function, api: &Api, source: &str) -> Value {
    let api = name::api(api);
    json!({
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": target::function_name(function),
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
pub(crate) fn document(manifest: &Manifest, api: &Api) -> Value {
    match &api.kind {
        ApiKind::Http => http_document(manifest, api),
        ApiKind::Rest(rest) => rest::document(manifest, (api, rest), &ApiSettings::default()),
    }
}

fn http_document(manifest: &Manifest, api: &Api) -> Value {
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": title(manifest, api), "version": "1.0"},
        "paths": paths(manifest, api),
        "components": {"securitySchemes": security_schemes(manifest, api)},
        "x-amazon-apigateway-cors": api.cors.as_ref().map(cors),
    });
    render::remove_nulls(&mut document);
    document
}

/// The application's name, and that of another API than the default one.
pub(crate) fn title(manifest: &Manifest, api: &Api) -> String {
    if api.default { manifest.application.clone() } else { format!("{} {}", manifest.application, api.name) }
}

fn paths(manifest: &Manifest, api: &Api) -> Map<String, Value> {
    let mut paths = Map::new();
    for route in manifest.routes(&api.name) {
        let (path, key) = place(route.method, route.path);
        let item = paths.entry(path).or_insert_with(|| json!({"parameters": parameters(path)}));
        item[key] = operation(route.function, route.auth, path == "/$default");
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
            "uri": invocation(function),
        },
    })
}

/// Who a route asks for; a public one asks for nobody. Groups are not here: the function checks them.
fn security(auth: &Auth) -> Option<Value> {
    let (scheme, scopes) = match auth {
        Auth::Public | Auth::ApiKey => return None,
        Auth::Iam => (rest::IAM.to_owned(), Vec::new()),
        Auth::UserPool { pool, scopes, .. } => (name::user_pool(pool), scopes.clone()),
        Auth::Authorizer { function } => (name::function(function), Vec::new()),
    };
    Some(json!([{scheme: scopes}]))
}

/// The authorizers: one for each user pool and each authorizer function that a route asks for.
fn security_schemes(manifest: &Manifest, api: &Api) -> Option<BTreeMap<String, Value>> {
    let mut schemes = BTreeMap::new();
    for route in manifest.routes(&api.name) {
        match route.auth {
            Auth::Public | Auth::ApiKey => {}
            Auth::Iam => _ = schemes.insert(rest::IAM.to_owned(), rest::iam_scheme()),
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
                "audience": oauth::audience(pool),
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
            "authorizerUri": invocation(function),
            "authorizerPayloadFormatVersion": "2.0",
            "authorizerResultTtlInSeconds": cache,
            "enableSimpleResponses": true,
        },
    })
}

/// Where API Gateway calls a function.
pub(super) fn invocation(function: &Function) -> Value {
    let path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";
    target::arn_within(path, function, "/invocations")
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
