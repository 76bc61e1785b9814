//! What makes SAM publish a new version of a function that has an alias.
//!
//! By itself SAM looks at the code, the memory and the environment: another timeout would never reach the alias. With
//! `AutoPublishAliasAllProperties` it looks at everything, also at what is no part of a version, such as the tags; and Lambda refuses to
//! publish a version that is like the last one (<https://github.com/aws/serverless-application-model/issues/3281>). So the
//! environment gets a digest of exactly what a version consists of, and SAM does as it does by itself.

use serde_json::{Map, Value, json};

use super::render;
use crate::build::Digest;

/// The environment variable that has the digest.
const VARIABLE: &str = "SKYLOOM_CONFIGURATION";

/// Properties that a function has and a version of it has not.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html>
const NOT_OF_A_VERSION: [&str; 9] = [
    "AutoPublishAlias",
    "CodeSigningConfigArn",
    "DeploymentPreference",
    "EventInvokeConfig",
    "ProvisionedConcurrencyConfig",
    "PropagateTags",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Tags",
];

/// Gives each function that has an alias the digest of its configuration. Done again after a change, it gives the right one.
pub(super) fn mark(template: &mut Value) {
    let globals = template["Globals"]["Function"].as_object().map(of_version);
    let resources = template.get_mut("Resources").and_then(Value::as_object_mut);
    let properties =
        resources.into_iter().flatten().filter_map(|(_, resource)| resource.get_mut("Properties")?.as_object_mut());
    for properties in properties.filter(|it| it.contains_key("AutoPublishAlias")) {
        let digest = digest_of(&json!([globals, of_version(properties)]));
        let environment = properties.entry("Environment").or_insert_with(|| json!({"Variables": {}}));
        if let Some(variables) = environment.get_mut("Variables").and_then(Value::as_object_mut) {
            variables.insert(VARIABLE.into(), digest.into());
        }
    }
}

fn of_version(properties: &Map<String, Value>) -> Map<String, Value> {
    let mut properties = properties.clone();
    properties.retain(|name, _| !NOT_OF_A_VERSION.contains(&&**name));
    if let Some(variables) = properties.get_mut("Environment").and_then(|it| it.get_mut("Variables")?.as_object_mut()) {
        variables.remove(VARIABLE);
    }
    // Whether there are no variables, or were none before this one.
    properties.retain(|name, value| name != "Environment" || *value != json!({"Variables": {}}));
    for code in ["CodeUri", "ImageUri", "InlineCode"] {
        properties.remove(code); // which SAM looks at
    }
    properties
}

fn digest_of(value: &Value) -> String {
    Digest::of(render::line(value).as_bytes()).hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::fixture;

    fn marked(change: impl Fn(&mut Value)) -> Value {
        let mut value = fixture::template(&fixture::shop_with_deployments()).value;
        change(&mut value);
        mark(&mut value);
        value["Resources"]["PlaceOrderFunction"]["Properties"]["Environment"]["Variables"][VARIABLE].take()
    }

    #[test]
    fn another_configuration_is_another_version() {
        let before = marked(|_| ());
        assert!(before.is_string());
        let function = |name: &str| format!("/Resources/PlaceOrderFunction/Properties/{name}");
        for place in [function("Timeout"), function("Role"), "/Globals/Function/Architectures".into()] {
            assert_ne!(marked(|it| *it.pointer_mut(&place).unwrap() = json!("x")), before, "{place}");
        }
    }

    #[test]
    fn what_is_no_part_of_a_version_makes_none() {
        let before = marked(|_| ());
        for property in ["Tags", "ReservedConcurrentExecutions", "DeploymentPreference", "CodeUri"] {
            let change = |it: &mut Value| it["Resources"]["PlaceOrderFunction"]["Properties"][property] = json!({});
            assert_eq!(marked(change), before, "{property}");
        }
    }

    #[test]
    fn only_functions_with_an_alias_are_marked() {
        let template = fixture::template(&fixture::shop_with_deployments());
        for (id, resource) in template.resources() {
            let properties = &resource["Properties"];
            let is_marked = properties["Environment"]["Variables"][VARIABLE].is_string();
            assert_eq!(is_marked, properties["AutoPublishAlias"].is_string(), "{id}");
        }
    }
}
