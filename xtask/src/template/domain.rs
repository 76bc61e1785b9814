//! The API's own domain.

use serde_json::{Value, json};
use skyloom_manifest::Api;

use super::{Resources, intrinsic, name};
use crate::stage::{Domain, Stage};

/// Adds the domain that the stage names: it leads to the API, and Route 53 to it, where the stage names its zone.
pub(super) fn add(resources: &mut Resources, api: &Api, stage: &Stage) {
    let Some(domain) = stage.api(api).domain else { return };
    resources.add(name::domain(api), domain_name(&domain));
    resources.add(name::domain_mapping(api), mapping(api, &domain));
    if let Some(zone) = &domain.hosted_zone {
        resources.add(name::domain_record(api), record(api, &domain, zone));
    }
}

/// Where the API is, and what a record made by hand has to point to.
pub(super) fn outputs(api: &Api, stage: &Stage) -> Vec<(String, Value)> {
    let Some(domain) = stage.api(api).domain else { return Vec::new() };
    let target = intrinsic::attribute(&name::domain(api), "RegionalDomainName");
    let path = domain.base_path.map(|path| format!("/{path}")).unwrap_or_default();
    let url = format!("https://{}{path}", domain.name);
    vec![(name::api_output(api, "DomainUrl"), url.into()), (name::api_output(api, "DomainTarget"), target)]
}

fn domain_name(domain: &Domain) -> Value {
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

fn mapping(api: &Api, domain: &Domain) -> Value {
    let id = name::api(api);
    json!({
        "Type": "AWS::ApiGatewayV2::ApiMapping",
        "Properties": {
            "ApiId": intrinsic::reference(&id),
            "DomainName": intrinsic::reference(&name::domain(api)),
            "ApiMappingKey": domain.base_path,
            "Stage": intrinsic::reference(&format!("{id}.Stage")), // SAM's name for the API's stage
        },
    })
}

fn record(api: &Api, domain: &Domain, zone: &str) -> Value {
    let id = name::domain(api);
    json!({
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": zone,
            "Name": domain.name,
            "Type": "A",
            "AliasTarget": {
                "DNSName": intrinsic::attribute(&id, "RegionalDomainName"),
                "HostedZoneId": intrinsic::attribute(&id, "RegionalHostedZoneId"),
            },
        },
    })
}
