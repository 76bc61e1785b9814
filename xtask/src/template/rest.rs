//! A REST API: its document, its stage, and what a client with a key may use.
//!
//! SAM's resource is used rather than CloudFormation's, which would need a new deployment, under a new logical id, for each change
//! of the document; SAM makes that, and the stage.

mod cache;
mod cors;
mod document;
mod key;
mod responses;
mod stage;
mod validation;

use serde_json::{Value, json};
use skyloom_manifest::{Api, Endpoint, Manifest, RestApi};

pub(super) use self::{
    document::{IAM, document, iam_scheme},
    key::outputs,
};
use super::{Resources, intrinsic, name};
use crate::stage::{ApiSettings, Stage};

/// The stage of an application that has no stages, a part of the API's URL.
const STAGE: &str = "default";

/// The name of the API's stage, which its URL ends with.
pub(super) fn stage_name(stage: &Stage) -> &str {
    stage.name.as_deref().unwrap_or(STAGE)
}

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, (api, rest): (&Api, &RestApi), stage: &Stage) {
    let settings = stage.api(api);
    let has_log = settings.has_access_log();
    resources.add(
        name::api(api),
        json!({
            "Type": "AWS::Serverless::Api",
            "DependsOn": (has_log && stage.settings.account_log_role == Some(true)).then_some([name::ACCOUNT]),
            "Properties": {
                "AccessLogSetting": has_log.then(|| access_log(api, &settings)),
                "CacheClusterEnabled": rest.cache_size.is_some().then_some(true),
                "CacheClusterSize": rest.cache_size,
                "DefinitionBody": document(manifest, (api, rest), &settings),
                "EndpointConfiguration": endpoint(rest, &settings),
                "FailOnWarnings": true,
                "MethodSettings": self::stage::method_settings(manifest, (api, rest), &settings),
                "OpenApiVersion": "3.0.1", // without it SAM makes another stage, called `Stage`
                "StageName": stage_name(stage),
                "TracingEnabled": stage.settings.tracing,
                "Variables": (!settings.variables.is_empty()).then_some(&settings.variables),
            },
        }),
    );
    add_account_log_role(resources, stage, has_log);
    key::add(resources, manifest, (api, rest));
}

fn endpoint(rest: &RestApi, settings: &ApiSettings) -> Value {
    let endpoints = (rest.endpoint == Endpoint::Private).then_some(&settings.vpc_endpoints);
    json!({"Type": rest.endpoint.as_str(), "VpcEndpointIds": endpoints})
}

/// A JSON object for each request.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html>
fn access_log(api: &Api, settings: &ApiSettings) -> Value {
    const FIELDS: [(&str, &str); 13] = [
        ("authorizerError", "authorizer.error"),
        ("error", "error.responseType"),
        ("integrationError", "integration.error"),
        ("integrationLatency", "integration.latency"),
        ("ip", "identity.sourceIp"),
        ("method", "httpMethod"),
        ("protocol", "protocol"),
        ("requestId", "requestId"),
        ("requestTime", "requestTime"),
        ("resource", "resourcePath"),
        ("responseLatency", "responseLatency"),
        ("responseLength", "responseLength"),
        ("status", "status"),
    ];
    super::api::access_log_to(api, settings, &FIELDS)
}

/// The role with which API Gateway writes the logs of all REST and WebSocket APIs of the account and region: there is one such setting, whichever
/// stack made it. It stays when the stack goes, because the APIs of others may write by it.
pub(super) fn add_account_log_role(resources: &mut Resources, stage: &Stage, has_log: bool) {
    if !has_log || stage.settings.account_log_role != Some(true) {
        return;
    }
    let stays = |kind: &str, properties: Value| json!({"Type": kind, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties});
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [super::policy::assumed_by("apigateway.amazonaws.com")],
    });
    let managed = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
    let role = json!({"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": [intrinsic::substitute(managed)]});
    let account = json!({"CloudWatchRoleArn": intrinsic::attribute(name::ACCOUNT_LOG_ROLE, "Arn")});
    resources.add_shared(name::ACCOUNT_LOG_ROLE.into(), stays("AWS::IAM::Role", role));
    resources.add_shared(name::ACCOUNT.into(), stays("AWS::ApiGateway::Account", account));
}
