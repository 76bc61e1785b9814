//! The API's own domain.

use serde_json::{Value, json};
use skyloom_manifest::{Api, Endpoint, RestApi};

use super::{Resources, intrinsic, name};
use crate::stage::{Domain, Stage};

/// Adds the domain that the stage names: it leads to the API, and Route 53 to it, where the stage names its zone.
pub(super) fn add(resources: &mut Resources, api: &Api, stage: &Stage) {
    let Some(domain) = stage.api(api).domain else { return };
    let (domain_name, mapping) = match api.rest() {
        None if api.websocket().is_some() => (http_domain(&domain), v2_mapping(api, &domain, &name::socket_stage(api))),
        None => (http_domain(&domain), v2_mapping(api, &domain, &format!("{}.Stage", name::api(api)))),
        Some(rest) => (rest_domain(&domain, rest), rest_mapping(api, &domain)),
    };
    resources.add(name::domain(api), domain_name);
    resources.add(name::domain_mapping(api), mapping);
    if let Some(zone) = &domain.hosted_zone {
        resources.add(name::domain_record(api), record(api, &domain, zone));
    }
}

/// Where the API is, and what a record made by hand has to point to.
pub(super) fn outputs(api: &Api, stage: &Stage) -> Vec<(String, Value)> {
    let Some(domain) = stage.api(api).domain else { return Vec::new() };
    let path = domain.base_path.map(|path| format!("/{path}")).unwrap_or_default();
    let scheme = if api.websocket().is_some() { "wss" } else { "https" };
    let url = format!("{scheme}://{}{path}", domain.name);
    let [target, _] = targets(api);
    vec![(name::api_output(api, "DomainUrl"), url.into()), (name::api_output(api, "DomainTarget"), target)]
}

fn http_domain(domain: &Domain) -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::DomainName",
        "Properties": {
            "DomainName": domain.name,
            "DomainNameConfigurations": [{
                "CertificateArn": domain.certificate,
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
            }],
        },
    })
}

/// SAM's name for the stage of an API that it makes is `HttpApi.Stage`.
fn v2_mapping(api: &Api, domain: &Domain, stage: &str) -> Value {
    let id = name::api(api);
    json!({
        "Type": "AWS::ApiGatewayV2::ApiMapping",
        "Properties": {
            "ApiId": intrinsic::reference(&id),
            "DomainName": intrinsic::reference(&name::domain(api)),
            "ApiMappingKey": domain.base_path,
            "Stage": intrinsic::reference(stage),
        },
    })
}

/// The certificate of an edge API's domain is CloudFront's, in us-east-1, and that of a regional one's is of the region.
fn rest_domain(domain: &Domain, rest: &RestApi) -> Value {
    let is_edge = rest.endpoint == Endpoint::Edge;
    let certificate = if is_edge { "CertificateArn" } else { "RegionalCertificateArn" };
    json!({
        "Type": "AWS::ApiGateway::DomainName",
        "Properties": {
            certificate: domain.certificate,
            "DomainName": domain.name,
            "EndpointConfiguration": {"Types": [rest.endpoint.as_str()]},
            "SecurityPolicy": "TLS_1_2",
        },
    })
}

fn rest_mapping(api: &Api, domain: &Domain) -> Value {
    let id = name::api(api);
    json!({
        "Type": "AWS::ApiGateway::BasePathMapping",
        "Properties": {
            "BasePath": domain.base_path,
            "DomainName": intrinsic::reference(&name::domain(api)),
            "RestApiId": intrinsic::reference(&id),
            "Stage": intrinsic::reference(&format!("{id}.Stage")), // SAM's name for the API's stage
        },
    })
}

fn record(api: &Api, domain: &Domain, zone: &str) -> Value {
    let [target, target_zone] = targets(api);
    json!({
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": zone,
            "Name": domain.name,
            "Type": "A",
            "AliasTarget": {"DNSName": target, "HostedZoneId": target_zone},
        },
    })
}

/// The host that the domain leads to, and the zone that it is in.
fn targets(api: &Api) -> [Value; 2] {
    let of = match api.rest().map(|rest| rest.endpoint) {
        Some(Endpoint::Edge) => ["DistributionDomainName", "DistributionHostedZoneId"],
        Some(Endpoint::Regional | Endpoint::Private) | None => ["RegionalDomainName", "RegionalHostedZoneId"],
    };
    of.map(|attribute| intrinsic::attribute(&name::domain(api), attribute))
}
