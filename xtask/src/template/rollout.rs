//! Functions whose callers come to a new version step by step: what CodeDeploy is told, what it may do, and what takes it back.
//!
//! SAM makes of it a deployment group for each function, which the function's alias is updated through. Its own role for CodeDeploy
//! would be allowed every alias and every alarm of the account, so each group has one that is allowed its own.

use serde_json::{Value, json};
use skyloom_manifest::{Deployment, Function, Manifest, TrafficShift, bridge};

use super::{Resources, alarm, intrinsic, name, policy, target};
use crate::stage::Stage;

/// SAM's name for the CodeDeploy application that it makes of a template.
const APPLICATION: &str = "ServerlessDeploymentApplication";

/// Adds what a function needs beside itself to be shifted, and a hook to report.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, function: &Function, stage: &Stage) {
    if let Some(deployment) = &function.options.deployment {
        resources.add(name::shifter(&function.name), shifter(function, deployment));
        resources.add(name::alarm(&function.name, "Deployment"), alarm::of_new_version(function, stage));
        if let Some((id, config)) = own_config(deployment.shift) {
            resources.add_shared(id, config);
        }
    }
    let groups: Vec<_> = manifest.checked_by(&function.name).map(|it| group_arn(&it.name)).collect();
    if !groups.is_empty() {
        resources.add(name::reporter(&function.name), reporter(&function.name, groups));
    }
}

/// `DeploymentPreference` of the function.
pub(super) fn preference(function: &Function) -> Option<Value> {
    let deployment = function.options.deployment.as_ref()?;
    let hook = |name: &Option<String>| name.as_ref().map(|name| once_it_may_report(name));
    Some(json!({
        "Type": match own_config(deployment.shift) {
            Some((id, _)) => intrinsic::reference(&id),
            None => config_name(deployment.shift).into(),
        },
        "Alarms": [intrinsic::reference(&name::alarm(&function.name, "Deployment"))],
        "Hooks": deployment.hooks().next().is_some().then(|| json!({
            "PreTraffic": hook(&deployment.before),
            "PostTraffic": hook(&deployment.after),
        })),
        "Role": intrinsic::attribute(&name::shifter(&function.name), "Arn"),
    }))
}

/// `ProvisionedConcurrencyConfig` of the function.
pub(super) fn provisioned(function: &Function) -> Option<Value> {
    function.options.provisioned_concurrency.map(|count| json!({"ProvisionedConcurrentExecutions": count}))
}

/// The variables by which a hook knows the versions that it is about.
pub(super) fn versions<'a>(manifest: &'a Manifest, hook: &'a Function) -> impl Iterator<Item = (String, Value)> + 'a {
    manifest.checked_by(&hook.name).map(|function| {
        let version = format!("{}.Version", name::function(&function.name));
        (bridge::version_variable(&function.name), intrinsic::reference(&version))
    })
}

/// A hook may call every version of the functions that it is about. Were it the new one only, the policy would change with each
/// deployment, and a change takes a while to come into force.
pub(super) fn statements<'a>(manifest: &'a Manifest, hook: &'a Function) -> impl Iterator<Item = Value> + 'a {
    manifest.checked_by(&hook.name).map(|function| {
        let versions = intrinsic::substitute(format!("${{{}.Arn}}:*", name::function(&function.name)));
        policy::allow(&["lambda:InvokeFunction"], versions)
    })
}

/// The hook's name, which the alias is updated with. The list makes that wait until the hook may report: the permission cannot be
/// in the hook's own role, since it names the group, the group its role, and that the hook.
fn once_it_may_report(hook: &str) -> Value {
    let all = [name::function(hook), name::reporter(hook)].map(|id| intrinsic::reference(&id));
    json!({"Fn::Select": [0, all]})
}

/// The role with which CodeDeploy moves the alias, looks at the alarm and calls the hooks.
fn shifter(function: &Function, deployment: &Deployment) -> Value {
    let id = name::function(&function.name);
    let alarm = name::alarm(&function.name, "Deployment");
    let itself = intrinsic::attribute(&id, "Arn");
    let qualified = |qualifier: &str| intrinsic::substitute(format!("${{{id}.Arn}}:{qualifier}"));
    let mut statements = vec![
        policy::allow(&["lambda:GetAlias", "lambda:UpdateAlias"], json!([itself, qualified(target::ALIAS)])),
        // It is asked of the alias and of its versions.
        policy::allow(&["lambda:GetProvisionedConcurrencyConfig"], qualified("*")),
        policy::allow(&["cloudwatch:DescribeAlarms"], intrinsic::attribute(&alarm, "Arn")),
    ];
    let mut hooks: Vec<_> = deployment.hooks().map(|(_, hook)| hook).collect();
    hooks.dedup();
    let may_call =
        |hook: &String| policy::allow(&["lambda:InvokeFunction"], intrinsic::attribute(&name::function(hook), "Arn"));
    statements.extend(hooks.into_iter().map(may_call));
    policy::role(policy::assumed_by_own("codedeploy.amazonaws.com"), statements)
}

/// That a hook may say how it ended, in the deployments that it is there for.
fn reporter(hook: &str, groups: Vec<Value>) -> Value {
    json!({
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "reports",
            "PolicyDocument": policy::document(vec![policy::allow(
                &["codedeploy:PutLifecycleEventHookExecutionStatus"],
                groups.into(),
            )]),
            "Roles": [intrinsic::reference(&name::role(hook))],
        },
    })
}

/// The deployment group that SAM makes of a function.
fn group_arn(function: &str) -> Value {
    intrinsic::substitute(format!(
        "arn:${{AWS::Partition}}:codedeploy:${{AWS::Region}}:${{AWS::AccountId}}:deploymentgroup:${{{APPLICATION}}}/${{{}DeploymentGroup}}",
        name::function(function)
    ))
}

/// CodeDeploy's name for steps, of those that it has by itself without `CodeDeployDefault.Lambda`.
fn config_name(shift: TrafficShift) -> String {
    match shift {
        TrafficShift::Canary { percentage, interval } => format!("Canary{percentage}Percent{interval}Minutes"),
        TrafficShift::Linear { percentage, interval: 1 } => format!("Linear{percentage}PercentEvery1Minute"),
        TrafficShift::Linear { percentage, interval } => format!("Linear{percentage}PercentEvery{interval}Minutes"),
        TrafficShift::AllAtOnce => "AllAtOnce".into(),
    }
}

/// A configuration for steps that CodeDeploy does not have by itself.
/// <https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configurations-predefined-lambda>
fn own_config(shift: TrafficShift) -> Option<(String, Value)> {
    let routing = match shift {
        TrafficShift::AllAtOnce
        | TrafficShift::Canary { percentage: 10, interval: 5 | 10 | 15 | 30 }
        | TrafficShift::Linear { percentage: 10, interval: 1 | 2 | 3 | 10 } => return None,
        TrafficShift::Canary { percentage, interval } => json!({
            "Type": "TimeBasedCanary",
            "TimeBasedCanary": {"CanaryPercentage": percentage, "CanaryInterval": interval},
        }),
        TrafficShift::Linear { percentage, interval } => json!({
            "Type": "TimeBasedLinear",
            "TimeBasedLinear": {"LinearPercentage": percentage, "LinearInterval": interval},
        }),
    };
    let config = json!({
        "Type": "AWS::CodeDeploy::DeploymentConfig",
        "Properties": {"ComputePlatform": "Lambda", "TrafficRoutingConfig": routing},
    });
    Some((config_name(shift), config))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::fixture;

    #[test]
    fn only_steps_that_codedeploy_does_not_have_are_made() {
        let made = |shift| own_config(shift).map(|(id, _)| id);
        assert_eq!(made(TrafficShift::Canary { percentage: 10, interval: 5 }), None);
        assert_eq!(made(TrafficShift::Linear { percentage: 10, interval: 1 }), None);
        assert_eq!(made(TrafficShift::AllAtOnce), None);
        let canary = TrafficShift::Canary { percentage: 25, interval: 5 };
        assert_eq!(made(canary).as_deref(), Some("Canary25Percent5Minutes"));
        let linear = TrafficShift::Linear { percentage: 20, interval: 1 };
        assert_eq!(made(linear).as_deref(), Some("Linear20PercentEvery1Minute"));
        assert_eq!(config_name(TrafficShift::Linear { percentage: 10, interval: 10 }), "Linear10PercentEvery10Minutes");
    }

    #[test]
    fn whoever_invokes_a_function_with_an_alias_names_the_alias() {
        let manifest = fixture::shop_with_deployments();
        let template = fixture::template(&manifest);
        let invokes = |resource: &Value| {
            let kind = resource["Type"].as_str().unwrap();
            ["Lambda::Permission", "EventSourceMapping", "Schedule", "HttpApi"].iter().any(|it| kind.ends_with(it))
        };
        let with_alias: Vec<_> = manifest.functions.iter().filter(|it| it.options.has_alias()).collect();
        assert!(with_alias.len() > 2);
        for function in with_alias {
            let id = name::function(&function.name);
            let naming = |names: &[String]| -> Vec<_> {
                let invokers = template.resources().filter(|(_, it)| invokes(it));
                invokers
                    .filter(|(_, it)| names.iter().any(|name| it.to_string().contains(name)))
                    .map(|(id, _)| id)
                    .collect()
            };
            let alias = naming(&[format!("{{\"Ref\":\"{id}.Alias\"}}")]);
            let itself = naming(&[
                format!("{{\"Ref\":\"{id}\"}}"),
                format!("{{\"Fn::GetAtt\":[\"{id}\",\"Arn\"]}}"),
                format!("${{{id}.Arn}}"),
            ]);
            assert!(!alias.is_empty() && itself.is_empty(), "{id}: {alias:?} {itself:?}");
        }
    }
}
