//! A WebSocket API: API Gateway's resources themselves, since neither SAM nor an OpenAPI document makes one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Auth, Function, HttpMethod, IdentitySource, Manifest, SocketRoute, Throttle, Trigger};

use super::{Resources, api, function, intrinsic, name, rest};
use crate::stage::{ApiSettings, Stage};

/// The WebSocket APIs that have routes: without one there is nothing to deploy.
pub(super) fn with_routes(manifest: &Manifest) -> impl Iterator<Item = &Api> {
    let has_route = |api: &&Api| manifest.socket_routes(&api.name).next().is_some();
    manifest.apis.iter().filter(|api| api.websocket().is_some()).filter(has_route)
}

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, api: &Api, stage: &Stage) {
    let has_log = stage.api(api).has_access_log();
    if has_log {
        let log = function::log_group(&api::log_group(api), stage.settings.log_retention_days);
        resources.add(name::access_log(api), log);
    }
    rest::add_account_log_role(resources, stage, has_log);
    let selection = api.websocket().map(|websocket| &websocket.route_selection);
    resources.add(
        name::api(api),
        json!({
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": intrinsic::substitute(format!("${{AWS::StackName}} {}", api.name)),
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": selection,
            },
        }),
    );
    resources.add(name::socket_stage(api), socket_stage(manifest, api, stage));
    for route in manifest.socket_routes(&api.name) {
        add_route(resources, api, &route);
    }
    for function in authorizers(manifest, api) {
        resources.add(name::socket_authorizer(&function.name, api), authorizer(api, function));
        let permission = api::permission(function, api, "authorizers/*");
        resources.add(name::authorizer_permission(&function.name, api), permission);
    }
}

/// Every change of a route is deployed at once: a stage without that would show what it was made from for ever.
///
/// Settings of a route are refused while it is not there.
fn socket_stage(manifest: &Manifest, api: &Api, stage: &Stage) -> Value {
    let settings = stage.api(api);
    let has_log = settings.has_access_log();
    let account = (has_log && stage.settings.account_log_role == Some(true)).then(|| name::ACCOUNT.to_owned());
    let routes = throttled(manifest, api).map(|(route, _)| name::socket_route(&route.function.name));
    let after: Vec<_> = account.into_iter().chain(routes).collect();
    json!({
        "Type": "AWS::ApiGatewayV2::Stage",
        "DependsOn": (!after.is_empty()).then_some(after),
        "Properties": {
            "ApiId": intrinsic::reference(&name::api(api)),
            "StageName": rest::stage_name(stage),
            "AutoDeploy": true,
            "AccessLogSettings": has_log.then(|| access_log(api, &settings)),
            "DefaultRouteSettings": api::throttle(api, &settings).map(api::throttling),
            "RouteSettings": route_settings(manifest, api),
            "StageVariables": (!settings.variables.is_empty()).then_some(&settings.variables),
        },
    })
}

/// The routes that say themselves how many connections or messages they take.
fn throttled<'a>(manifest: &'a Manifest, api: &'a Api) -> impl Iterator<Item = (SocketRoute<'a>, Throttle)> {
    manifest.socket_routes(&api.name).filter_map(|route| {
        let throttle = route.throttle?;
        Some((route, throttle))
    })
}

fn route_settings(manifest: &Manifest, api: &Api) -> Option<Map<String, Value>> {
    let settings: Map<_, _> = throttled(manifest, api)
        .map(|(route, throttle)| (route.key.to_owned(), api::throttling(throttle.into())))
        .collect();
    (!settings.is_empty()).then_some(settings)
}

/// A JSON object for each thing that happens on a connection.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html>
fn access_log(api: &Api, settings: &ApiSettings) -> Value {
    const FIELDS: [(&str, &str); 11] = [
        ("authorizerError", "authorizer.error"),
        ("connectionId", "connectionId"),
        ("error", "error.message"),
        ("eventType", "eventType"),
        ("integrationError", "integrationErrorMessage"),
        ("integrationLatency", "integrationLatency"),
        ("ip", "identity.sourceIp"),
        ("requestId", "requestId"),
        ("requestTime", "requestTime"),
        ("routeKey", "routeKey"),
        ("status", "status"),
    ];
    api::access_log_to(api, settings, &FIELDS)
}

fn add_route(resources: &mut Resources, api: &Api, route: &SocketRoute<'_>) {
    let (id, function) = (intrinsic::reference(&name::api(api)), route.function);
    let integration = json!({
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": id,
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": api::invocation(function),
        },
    });
    let (kind, authorizer) = authorization(api, route);
    let integration_id = name::socket_integration(&function.name);
    let resource = json!({
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": id,
            "RouteKey": route.key,
            "AuthorizationType": kind,
            "AuthorizerId": authorizer,
            "RouteResponseSelectionExpression": route.replies.then_some(SocketRoute::DEFAULT),
            "Target": intrinsic::substitute(format!("integrations/${{{integration_id}}}")),
        },
    });
    if route.replies {
        let response = json!({
            "Type": "AWS::ApiGatewayV2::RouteResponse",
            "Properties": {
                "ApiId": id,
                "RouteId": intrinsic::reference(&name::socket_route(&function.name)),
                "RouteResponseKey": SocketRoute::DEFAULT,
            },
        });
        resources.add(name::socket_route_response(&function.name), response);
    }
    resources.add(integration_id, integration);
    resources.add(name::socket_route(&function.name), resource);
    let permission = api::permission(function, api, &format!("*/{}", route.key));
    resources.add(name::permission(&function.name), permission);
}

/// Who is let in is asked at `$connect` alone. Other principals than these a valid manifest does not have there.
fn authorization(api: &Api, route: &SocketRoute<'_>) -> (&'static str, Option<Value>) {
    match route.auth {
        Some(Auth::Iam) => ("AWS_IAM", None),
        Some(Auth::Authorizer { function }) => {
            ("CUSTOM", Some(intrinsic::reference(&name::socket_authorizer(function, api))))
        }
        Some(Auth::Public | Auth::ApiKey | Auth::UserPool { .. }) | None => ("NONE", None),
    }
}

/// The authorizer functions that the API asks.
fn authorizers<'a>(manifest: &'a Manifest, api: &Api) -> impl Iterator<Item = &'a Function> {
    let asked = manifest.socket_routes(&api.name).filter_map(|route| match route.auth {
        Some(Auth::Authorizer { function }) => Some(function.as_str()),
        _ => None,
    });
    let names: BTreeSet<_> = asked.collect();
    names.into_iter().filter_map(|name| manifest.function(name))
}

/// API Gateway keeps no answer of an authorizer of a WebSocket API, and asks once for each connection.
fn authorizer(api: &Api, function: &Function) -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": intrinsic::reference(&name::api(api)),
            "AuthorizerType": "REQUEST",
            "AuthorizerUri": api::invocation(function),
            "IdentitySource": identity_sources(function),
            "Name": function.name,
        },
    })
}

fn identity_sources(function: &Function) -> Vec<String> {
    match &function.trigger {
        Trigger::Authorizer { options, .. } => options.sources().iter().map(IdentitySource::of_websocket).collect(),
        _ => Vec::new(),
    }
}

/// Where clients connect.
pub(super) fn url(api: &Api, stage: &Stage) -> Value {
    intrinsic::substitute(format!("wss://{}", place(api, stage)))
}

/// Where functions send to connections.
pub(super) fn management_url(api: &Api, stage: &Stage) -> Value {
    intrinsic::substitute(format!("https://{}", place(api, stage)))
}

/// The stage stands here by its name, and not by reference: it may come after routes, and they after the functions that ask this.
fn place(api: &Api, stage: &Stage) -> String {
    let (id, stage) = (name::api(api), rest::stage_name(stage));
    format!("${{{id}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{stage}")
}

/// What is done so to any connection of the API.
pub(super) fn connections_arn(api: &Api, stage: &Stage, method: HttpMethod) -> Value {
    arn(api, stage, &format!("{}/@connections/*", method.as_str()))
}

/// What happens so on the API.
pub(super) fn arn(api: &Api, stage: &Stage, what: &str) -> Value {
    let (id, stage) = (name::api(api), rest::stage_name(stage));
    intrinsic::substitute(format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{id}}}/{stage}/{what}"
    ))
}
