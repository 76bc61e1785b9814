//! A key of the API, and what its client may use.
//!
//! API Gateway refuses a key that belongs to no usage plan, so that there is a plan wherever a route asks for a key. The stack makes
//! one key; those of further clients are added to the plan by whoever knows the clients.

use serde_json::{Value, json};
use skyloom_manifest::{Api, Manifest, RestApi, UsagePlan};

use super::document::asks_for_keys;
use crate::template::{Resources, intrinsic, name};

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, (api, rest): (&Api, &RestApi)) {
    if !asks_for_keys(manifest, api) {
        return;
    }
    let (key, plan) = (name::api_key(api), name::usage_plan(api));
    resources.add(key.clone(), json!({"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": true}}));
    resources.add(plan.clone(), usage_plan(api, rest.usage_plan.unwrap_or_default()));
    resources.add(
        name::usage_plan_key(api),
        json!({
            "Type": "AWS::ApiGateway::UsagePlanKey",
            "Properties": {
                "KeyId": intrinsic::reference(&key),
                "KeyType": "API_KEY",
                "UsagePlanId": intrinsic::reference(&plan),
            },
        }),
    );
}

/// The ids by which the key's value is asked for and further keys are added to the plan.
pub(in crate::template) fn outputs(manifest: &Manifest, api: &Api) -> Vec<(String, Value)> {
    if !asks_for_keys(manifest, api) {
        return Vec::new();
    }
    vec![
        (name::api_output(api, "KeyId"), intrinsic::reference(&name::api_key(api))),
        (name::api_output(api, "UsagePlanId"), intrinsic::reference(&name::usage_plan(api))),
    ]
}

fn usage_plan(api: &Api, plan: UsagePlan) -> Value {
    let id = name::api(api);
    json!({
        "Type": "AWS::ApiGateway::UsagePlan",
        "Properties": {
            "ApiStages": [{
                "ApiId": intrinsic::reference(&id),
                "Stage": intrinsic::reference(&format!("{id}.Stage")), // SAM's name for the API's stage
            }],
            "Throttle": plan.throttle.map(|it| json!({"RateLimit": it.rate, "BurstLimit": it.burst})),
            "Quota": plan.quota.map(|it| json!({"Limit": it.limit, "Period": it.period.as_str()})),
        },
    })
}
