//! AWS's limits that show only in the whole application or its template.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;
use skyloom_manifest::{Auth, Function, Manifest, Problem, SourceLocation, Trigger, rules};

use crate::template::Template;

const RESOURCES: usize = 500;
const OUTPUTS: usize = 200;
const TEMPLATE_BYTES: usize = 1_000_000;
const AUTHORIZERS: usize = 10;
/// Each function that makes cursors has one, to the cursor key.
const DYNAMIC_REFERENCES: usize = 60;
const INLINE_POLICY_CHARACTERS: usize = 10_240;
const HANDLER_CHARACTERS: usize = 128;

/// All limits that the application is over.
pub(super) fn check(manifest: &Manifest, template: &Template) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    check_names(manifest, &mut problems);
    manifest.functions.iter().for_each(|function| check_function(function, &mut problems));
    for (id, resource) in template.resources() {
        check_resource(manifest, id, resource, &mut problems);
    }
    for (count, most, what) in [
        (template.resources().map(|(_, it)| made_of(it)).sum(), RESOURCES, "resources, but a stack"),
        (template.outputs(), OUTPUTS, "outputs, but a stack"),
        (template.to_yaml()?.len(), TEMPLATE_BYTES, "bytes of template, but CloudFormation"),
        (authorizers(manifest), AUTHORIZERS, "authorizers, but an HTTP API"),
        (
            cursor_makers(manifest),
            DYNAMIC_REFERENCES,
            "functions that query or scan, but a template with their cursor key",
        ),
    ] {
        if count > most {
            problems.push(Problem::new(format!("the application has {count} {what} takes {most}: split it")));
        }
    }
    Ok(problems)
}

fn cursor_makers(manifest: &Manifest) -> usize {
    manifest.functions.iter().filter(|function| function.makes_cursors()).count()
}

/// Names become logical ids, environment variables and parts of ARNs, none of which has more than ASCII.
fn check_names(manifest: &Manifest, problems: &mut Vec<Problem>) {
    let functions = manifest.functions.iter().map(|it| (&it.name, &it.source));
    let tables = manifest.tables.iter().map(|it| (&it.name, &it.source));
    let pools = manifest.user_pools.iter().map(|it| (&it.name, &it.source));
    for (name, source) in functions.chain(tables).chain(pools) {
        if !name.is_ascii() {
            problems.push(at(name, source, "AWS takes only ASCII letters, digits and `_` in this name".into()));
        }
    }
}

fn check_function(function: &Function, problems: &mut Vec<Problem>) {
    let mut report = |message| problems.push(at(&function.name, &function.source, message));
    if function.name.len() > HANDLER_CHARACTERS {
        report(format!("its name has {} characters, but Lambda takes {HANDLER_CHARACTERS}", function.name.len()));
    }
}

fn check_resource(manifest: &Manifest, id: &str, resource: &Value, problems: &mut Vec<Problem>) {
    let properties = &resource["Properties"];
    let (what, length, most, advice) = match resource["Type"].as_str() {
        Some("AWS::IAM::Role") => {
            let policies = json_length(&properties["Policies"]);
            ("permissions", policies, INLINE_POLICY_CHARACTERS, "let it do less")
        }
        Some("AWS::Serverless::Function") => {
            let variables = json_length(&properties["Environment"]["Variables"]);
            ("environment", variables, rules::ENVIRONMENT_BYTES, "keep what is long in a table, or in the binary")
        }
        _ => return,
    };
    if length > most {
        let message = format!("the {what} of `{id}` take about {length} bytes, but AWS takes {most}: {advice}");
        let source = manifest.functions.iter().find(|it| properties["Handler"] == it.name.as_str());
        problems.push(Problem { source: source.map(|it| it.source.clone()), ..Problem::new(message) });
    }
}

fn json_length(value: &Value) -> usize {
    if value.is_null() { 0 } else { value.to_string().len() }
}

/// How many resources SAM makes of one: an API also gets a stage.
fn made_of(resource: &Value) -> usize {
    if resource["Type"] == "AWS::Serverless::HttpApi" { 2 } else { 1 }
}

fn authorizers(manifest: &Manifest) -> usize {
    let names = manifest.functions.iter().filter_map(|function| match &function.trigger {
        Trigger::Http { auth: Auth::UserPool { pool, .. }, .. } => Some(("pool", pool)),
        Trigger::Http { auth: Auth::Authorizer { function }, .. } => Some(("function", function)),
        _ => None,
    });
    names.collect::<BTreeSet<_>>().len()
}

fn at(name: &str, source: &SourceLocation, message: String) -> Problem {
    Problem { subject: Some(name.into()), source: Some(source.clone()), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::fixture;

    fn found(manifest: &Manifest) -> Vec<String> {
        let template = fixture::template(manifest);
        check(manifest, &template).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_shop_is_within_all_limits() {
        assert_eq!(found(&fixture::shop()), [""; 0]);
    }

    #[test]
    fn a_stack_takes_500_resources() {
        let mut manifest = fixture::shop();
        let report = manifest.function("report").unwrap().clone();
        for number in 0..100 {
            manifest.functions.push(Function { name: format!("report{number}"), ..report.clone() });
        }
        let found = found(&manifest);
        assert!(found[0].contains("resources, but a stack takes 500"), "{found:?}");
    }

    #[test]
    fn an_environment_has_room_for_what_the_framework_adds() {
        let mut manifest = fixture::shop();
        let place_order = manifest.functions.iter_mut().find(|it| it.name == "place_order").unwrap();
        let own = [("LONG".to_owned(), "x".repeat(4_000))];
        place_order.options.environment = own.into();
        assert_eq!(manifest.validate(), []);
        let found = found(&manifest);
        assert!(found[0].contains("the environment of `PlaceOrderFunction` take about"), "{found:?}");
    }

    #[test]
    fn a_name_is_ascii() {
        let mut manifest = fixture::shop();
        manifest.functions[0].name = "r\u{e9}sum\u{e9}".into();
        assert!(found(&manifest)[0].contains("only ASCII"));
    }
}
