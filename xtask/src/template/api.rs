//! What all APIs have, and HTTP APIs, as an OpenAPI document with API Gateway's extensions.
//!
//! SAM could make one from `HttpApi` events, but not a valid one: it has operations without responses, path parameters
//! without declaration, and `oauth2` without flows. This one has the shape that API Gateway itself exports, so that
//! importing it raises no warning, which `FailOnWarnings` would turn into a failed deployment.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Api, ApiKind, Auth, AuthorizerOptions, Cors, Function, HttpMethod, IdentitySource, Manifest, Route, Trigger,
    UserPool,
    rules::{PathTemplate, Segment},
};

use super::{Resources, function, integration, intrinsic, name, oauth, render, rest, target};
use crate::stage::{ApiSettings, Stage, Throttle};

/// The APIs that have routes: without one there is nothing to deploy.
pub(crate) fn with_routes(manifest: &Manifest) -> impl Iterator<Item = &Api> {
    let of_functions = manifest.functions.iter().filter_map(Route::of).map(|route| route.api);
    let has_routes: BTreeSet<_> = of_functions.chain(manifest.integrations.iter().map(|it| &*it.api)).collect();
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
        // It takes no requests, and is not among the APIs that come here.
        ApiKind::WebSocket(_) => {}
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
                "AccessLogSettings": settings.has_access_log().then(|| access_log(api, &settings)),
                "DefaultRouteSettings": throttle(api, &settings).map(throttling),
                "RouteSettings": route_settings(manifest, api),
                "StageVariables": some(&settings.variables),
                "DefinitionBody": http_document(manifest, api),
                "FailOnWarnings": true,
            },
        }),
    );
}

pub(super) fn log_group(api: &Api) -> String {
    let own = if api.default { String::new() } else { format!("/{}", api.name) };
    format!("apigateway/${{AWS::StackName}}{own}")
}

/// The authorizer functions that the API's routes ask.
fn authorizers<'a>(manifest: &'a Manifest, api: &Api) -> impl Iterator<Item = &'a Function> {
    let asked = manifest.auths(&api.name).filter_map(|auth| match auth {
        Auth::Authorizer { function } => Some(function.as_str()),
        Auth::Public | Auth::Iam | Auth::ApiKey | Auth::UserPool { .. } => None,
    });
    let names: BTreeSet<_> = asked.collect();
    names.into_iter().filter_map(|name| manifest.function(name))
}

/// A JSON object for each request.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
fn access_log(api: &Api, settings: &ApiSettings) -> Value {
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
    access_log_to(api, settings, &FIELDS)
}

/// The API's log group, and a line of these fields, unless the stage says another.
pub(super) fn access_log_to(api: &Api, settings: &ApiSettings, fields: &[(&str, &str)]) -> Value {
    let fields: Vec<_> = fields.iter().map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\"")).collect();
    json!({
        "DestinationArn": intrinsic::attribute(&name::access_log(api), "Arn"),
        "Format": settings.access_log_format.clone().unwrap_or_else(|| format!("{{{}}}", fields.join(","))),
    })
}

/// What each route takes that says nothing itself: as the stage says, or else as the API does.
pub(super) fn throttle(api: &Api, settings: &ApiSettings) -> Option<Throttle> {
    settings.throttle.or(api.throttle.map(Throttle::from))
}

pub(super) fn throttling(throttle: Throttle) -> Value {
    json!({"ThrottlingRateLimit": throttle.rate, "ThrottlingBurstLimit": throttle.burst})
}

/// The routes that say themselves how many requests they take.
fn route_settings(manifest: &Manifest, api: &Api) -> Option<Map<String, Value>> {
    let settings = manifest.routes(&api.name).filter_map(|route| {
        let throttle = throttling(route.guards.throttle?.into());
        let key = if route.path == "$default" {
            route.path.into()
        } else {
            format!("{} {}", route.method.as_str(), route.path)
        };
        Some((key, throttle))
    });
    let settings: Map<_, _> = settings.collect();
    (!settings.is_empty()).then_some(settings)
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

pub(super) fn permission(function: &Function, api: &Api, source: &str) -> Value {
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
        // API Gateway imports no description of a WebSocket API.
        ApiKind::WebSocket(_) => json!({}),
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
    for it in manifest.integrations_of(&api.name) {
        let (path, key) = place(it.method, &it.path);
        let item = paths.entry(path).or_insert_with(|| json!({"parameters": parameters(path)}));
        item[key] = integration::http_operation(it, security(&it.auth), path == "/$default");
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

fn some<K: Serialize, V: Serialize>(map: &BTreeMap<K, V>) -> Option<&BTreeMap<K, V>> {
    (!map.is_empty()).then_some(map)
}

fn operation(function: &Function, auth: &Auth, is_default: bool) -> Value {
    let options = &function.options.http;
    json!({
        "operationId": function.name,
        "description": function.description,
        "security": security(auth),
        "responses": {"default": {"description": "The reply of the handler"}},
        "isDefaultRoute": is_default.then_some(true),
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": options.payload.unwrap_or_default().as_str(),
            "uri": invocation(function),
            "requestParameters": some(&options.parameters.request),
            "responseParameters": some(&options.parameters.response),
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
    for auth in manifest.auths(&api.name) {
        match auth {
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
    let (cache, options) = authorizer_of(function);
    let sources: Vec<_> = options.sources().iter().map(IdentitySource::of_http).collect();
    json!({
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authorizer": {
            "type": "request",
            "identitySource": (!sources.is_empty()).then(|| sources.join(", ")),
            "authorizerUri": invocation(function),
            "authorizerPayloadFormatVersion": options.payload.as_str(),
            "authorizerResultTtlInSeconds": cache,
            "enableSimpleResponses": !options.answers_with_policy(),
        },
    })
}

/// For how many seconds an authorizer's answers are reused, and how it is asked.
pub(super) fn authorizer_of(function: &Function) -> (u32, AuthorizerOptions) {
    match &function.trigger {
        Trigger::Authorizer { cache, options, .. } => (*cache, (**options).clone()),
        _ => (0, AuthorizerOptions::default()),
    }
}

/// Where API Gateway calls a function.
pub(super) fn invocation(function: &Function) -> Value {
    let path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";
    target::arn_within(path, function, "/invocations")
}

/// The same for an answer that is sent on as it comes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html>
pub(super) fn streaming_invocation(function: &Function) -> Value {
    let path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2021-11-15/functions/";
    target::arn_within(path, function, "/response-streaming-invocations")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::fixture;

    #[test]
    fn an_authorizer_that_is_asked_in_format_1_answers_with_a_policy() {
        let manifest = fixture::shop_with_rest_apis();
        let scheme = lambda_authorizer(manifest.function("reader").unwrap());
        let asked = &scheme["x-amazon-apigateway-authorizer"];
        assert_eq!(asked["authorizerPayloadFormatVersion"], "1.0");
        assert_eq!(asked["enableSimpleResponses"], false);
        assert_eq!(asked["identitySource"], "$request.header.X-Reader");
    }
}
