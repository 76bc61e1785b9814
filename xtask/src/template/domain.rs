//! The API's own domain.

use serde_json::{Value, json};

use super::{Resources, intrinsic, name};
use crate::stage::{Domain, Stage};

/// Adds the domain that the stage names: it leads to the API, and Route 53 to it, where the stage names its zone.
pub(super) fn add(resources: &mut Resources, stage: &Stage) {
    let Some(domain) = &stage.settings.domain else { return };
    resources.add(name::DOMAIN.into(), domain_name(domain));
    resources.add(name::DOMAIN_MAPPING.into(), mapping());
    if let Some(zone) = &domain.hosted_zone {
        resources.add(name::DOMAIN_RECORD.into(), record(domain, zone));
    }
}

/// Where the API is, and what a record made by hand has to point to.
pub(super) fn outputs(stage: &Stage) -> Vec<(&'static str, Value)> {
    let Some(domain) = &stage.settings.domain else { return Vec::new() };
    let target = intrinsic::attribute(name::DOMAIN, "RegionalDomainName");
    vec![("ApiDomainUrl", format!("https://{}", domain.name).into()), ("ApiDomainTarget", target)]
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

fn mapping() -> Value {
    json!({
        "Type": "AWS::ApiGatewayV2::ApiMapping",
        "Properties": {
            "ApiId": intrinsic::reference(name::HTTP_API),
            "DomainName": intrinsic::reference(name::DOMAIN),
            "Stage": intrinsic::reference(&format!("{}.Stage", name::HTTP_API)), // SAM's name for the API's stage
        },
    })
}

fn record(domain: &Domain, zone: &str) -> Value {
    json!({
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": zone,
            "Name": domain.name,
            "Type": "A",
            "AliasTarget": {
                "DNSName": intrinsic::attribute(name::DOMAIN, "RegionalDomainName"),
                "HostedZoneId": intrinsic::attribute(name::DOMAIN, "RegionalHostedZoneId"),
            },
        },
    })
}
