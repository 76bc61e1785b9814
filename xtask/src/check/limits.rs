//! AWS's limits that show only in the whole application or its template.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>

use std::collections::BTreeSet;

use serde_json::Value;
use skyloom_manifest::{Api, Auth, Function, Manifest, Problem, SourceLocation, rules};

use crate::template::{Size, Stacks, Template};

const AUTHORIZERS: usize = 10;
const INLINE_POLICY_CHARACTERS: usize = 10_240;
const HANDLER_CHARACTERS: usize = 128;

/// All limits that the application is over.
pub(super) fn check(manifest: &Manifest, template: &Template) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_names(manifest, &mut problems);
    manifest.functions.iter().for_each(|function| check_function(function, &mut problems));
    for (id, resource) in template.resources() {
        check_resource(manifest, id, resource, &mut problems);
        check_layers(manifest, id, resource, &mut problems);
    }
    problems.extend(too_large(template.stacks()));
    manifest.apis.iter().for_each(|api| check_api(manifest, api, &mut problems));
    problems
}

fn check_api(manifest: &Manifest, api: &Api, problems: &mut Vec<Problem>) {
    let count = authorizers(manifest, api);
    if count > AUTHORIZERS {
        let message =
            format!("it has {count} authorizers, but an API takes {AUTHORIZERS}: give some routes to another API");
        problems.push(Problem { subject: Some(api.name.clone()), source: api.source.clone(), message });
    }
    if api.rest().is_some_and(|rest| rest.validate) {
        for route in manifest.routes(&api.name).filter(|route| route.function.operation.is_none()) {
            let message = format!(
                "`{}` validates requests, and the binary does not say what this handler takes: build it with `debug-assertions`",
                api.name
            );
            problems.push(at(&route.function.name, &route.function.source, message));
        }
    }
}

/// What is too much even in several stacks.
fn too_large(stacks: &Stacks) -> Vec<Problem> {
    let root = Size::of(&stacks.root).excess().map(|(count, what, most)| {
        format!(
            "the application has {count} {what} that have to be in one stack, because they hold data or others know them by \
             name, but a stack takes {most}: make two applications of it"
        )
    });
    let parts = stacks.parts.iter().filter_map(|(part, template)| {
        let (count, what, most) = Size::of(template).excess()?;
        Some(format!(
            "the nested stack `{part}` has {count} {what}, but a stack takes {most}: let its functions do less"
        ))
    });
    root.into_iter().chain(parts).map(Problem::new).collect()
}

/// Names become logical ids, environment variables and parts of ARNs, none of which has more than ASCII.
fn check_names(manifest: &Manifest, problems: &mut Vec<Problem>) {
    let functions = manifest.functions.iter().map(|it| (&it.name, &it.source));
    let tables = manifest.tables.iter().map(|it| (&it.name, &it.source));
    let pools = manifest.user_pools.iter().map(|it| (&it.name, &it.source));
    let secrets = manifest.secrets.iter().map(|it| (&it.name, &it.source));
    for (name, source) in functions.chain(tables).chain(pools).chain(secrets) {
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

/// Lambda puts layers over an archive, and takes an image as it is.
fn check_layers(manifest: &Manifest, id: &str, resource: &Value, problems: &mut Vec<Problem>) {
    let properties = &resource["Properties"];
    if properties["PackageType"] == "Image" && !properties["Layers"].is_null() {
        let message = format!(
            "`{id}` has layers, which a container image cannot have: put what they hold into the image that it is built on, or deploy a `package = \"zip\"`"
        );
        problems.push(Problem { source: source(manifest, properties), ..Problem::new(message) });
    }
}

/// Where the handler of a function is written.
fn source(manifest: &Manifest, properties: &Value) -> Option<SourceLocation> {
    let handler = properties["Handler"].as_str().or_else(|| properties["ImageConfig"]["Command"][0].as_str())?;
    manifest.function(handler).map(|it| it.source.clone())
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
        problems.push(Problem { source: source(manifest, properties), ..Problem::new(message) });
    }
}

fn json_length(value: &Value) -> usize {
    if value.is_null() { 0 } else { value.to_string().len() }
}

fn authorizers(manifest: &Manifest, api: &Api) -> usize {
    let names = manifest.routes(&api.name).filter_map(|route| match route.auth {
        Auth::UserPool { pool, .. } => Some(("pool", pool)),
        Auth::Authorizer { function } => Some(("function", function)),
        Auth::Public | Auth::Iam | Auth::ApiKey => None,
    });
    names.collect::<BTreeSet<_>>().len()
}

fn at(name: &str, source: &SourceLocation, message: String) -> Problem {
    Problem { subject: Some(name.into()), source: Some(source.clone()), message }
}

#[cfg(test)]
mod tests {
    use skyloom_manifest::{HttpMethod, Trigger};

    use super::*;
    use crate::template::fixture;

    fn found(manifest: &Manifest) -> Vec<String> {
        let template = fixture::template(manifest);
        check(manifest, &template).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_shop_is_within_all_limits() {
        assert_eq!(found(&fixture::shop()), [""; 0]);
    }

    #[test]
    fn as_many_functions_as_one_likes_are_taken_and_500_tables_are_not() {
        let mut manifest = fixture::shop();
        let report = manifest.function("report").unwrap().clone();
        for number in 0..100 {
            manifest.functions.push(Function { name: format!("report{number}"), ..report.clone() });
        }
        assert_eq!(found(&manifest), [""; 0]);
        let table = manifest.table("Order").unwrap().clone();
        for number in 0..500 {
            manifest.tables.push(skyloom_manifest::Table { name: format!("Order{number}"), ..table.clone() });
        }
        let found = found(&manifest);
        assert!(found[0].contains("resources that have to be in one stack"), "{found:?}");
        assert!(found[0].ends_with("but a stack takes 500: make two applications of it"), "{found:?}");
    }

    #[test]
    fn an_api_takes_ten_authorizers() {
        let mut manifest = fixture::shop();
        let (route, authorizer) =
            (manifest.function("import_orders").unwrap().clone(), manifest.function("partner").unwrap().clone());
        for number in 0..10 {
            let (name, path) = (format!("partner{number}"), format!("/a{number}"));
            let auth = Auth::Authorizer { function: name.clone() };
            let trigger =
                Trigger::Http { api: "Api".into(), method: HttpMethod::Get, path, auth, guards: Box::default() };
            manifest.functions.push(Function { name, ..authorizer.clone() });
            manifest.functions.push(Function { name: format!("route{number}"), trigger, ..route.clone() });
        }
        assert_eq!(
            found(&manifest),
            ["`Api`: it has 12 authorizers, but an API takes 10: give some routes to another API"]
        );
    }

    #[test]
    fn an_api_that_validates_needs_to_know_what_handlers_take() {
        let manifest = fixture::shop_with_rest_apis();
        let known: Vec<_> = manifest.routes("Partners").filter(|it| it.function.operation.is_some()).collect();
        assert!(!known.is_empty());
        let mut unknown = manifest.clone();
        unknown.functions.iter_mut().for_each(|it| it.operation = None);
        let stage = fixture::stage_with_rest_apis();
        let template = Template::of(&unknown, &stage).unwrap();
        let found: Vec<_> = check(&unknown, &template).iter().map(ToString::to_string).collect();
        assert!(found[0].contains("does not say what this handler takes"), "{found:?}");
        assert_eq!(check(&manifest, &Template::of(&manifest, &stage).unwrap()), []);
    }

    #[test]
    fn an_image_has_no_layers() {
        let manifest = fixture::shop();
        let mut template = fixture::shop_in_an_image();
        assert_eq!(check(&manifest, &template), []);
        template.value_mut()["Resources"]["ReportFunction"]["Properties"]["Layers"] = serde_json::json!(["arn"]);
        let found = check(&manifest, &template);
        assert!(found[0].to_string().starts_with("src/lib.rs:140: `ReportFunction` has layers"), "{found:?}");
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
