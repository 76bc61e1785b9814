//! Routes without a function.

use super::Problem;
use crate::{
    Api, Auth, Integration, ItemShape, Manifest, StoredType, Table, Target,
    rules::{self, PathTemplate},
};

pub(super) fn check(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for integration in &manifest.integrations {
        let mut report = |message: String| problems.push(at(integration, message));
        manifest.check_auth(&integration.auth, &mut report);
        check_groups(integration, &mut report);
        let path = PathTemplate::parse(&integration.path).map_err(&mut report);
        let Some(api) = manifest.api(&integration.api) else {
            report(format!("it is a route of `{}`, which is no API of the application", integration.api));
            continue;
        };
        check_kind(api, integration, &mut report);
        if let Ok(path) = path {
            check_path(api, &path, &mut report);
            check_target(manifest, integration, &path, &mut report);
        }
    }
}

/// A problem of an integration.
pub(super) fn at(integration: &Integration, message: String) -> Problem {
    Problem::at(&integration.name, &integration.source, message)
}

fn check_groups(integration: &Integration, report: &mut impl FnMut(String)) {
    if matches!(&integration.auth, Auth::UserPool { groups, .. } if !groups.is_empty()) {
        report(
            "API Gateway knows no groups, and there is no function here that could: write a handler, or name scopes"
                .into(),
        );
    }
}

fn check_path(api: &Api, path: &PathTemplate, report: &mut impl FnMut(String)) {
    if api.rest().is_some() {
        rules::check_rest_path(path).unwrap_or_else(report);
    }
}

fn check_kind(api: &Api, integration: &Integration, report: &mut impl FnMut(String)) {
    let is_rest = api.rest().is_some();
    if integration.target.is_of_rest() && !is_rest {
        report(format!(
            "`{}` is of REST APIs, and `{}` is an HTTP API: write `#[api(rest)]`, or a handler",
            integration.target.word(),
            api.name
        ));
    }
    if integration.auth == Auth::ApiKey && !is_rest {
        report(format!(
            "`auth = ApiKey` is of REST APIs, and `{}` is an HTTP API: write `#[api(rest)]`, or another `auth`",
            api.name
        ));
    }
}

fn check_target(manifest: &Manifest, integration: &Integration, path: &PathTemplate, report: &mut impl FnMut(String)) {
    match &integration.target {
        Target::Http { url } => rules::check_upstream(url, path).unwrap_or_else(report),
        Target::Answer { status, headers, .. } => {
            rules::check_range("`status`", (*status).into(), &rules::ANSWER_STATUS, "").unwrap_or_else(&mut *report);
            for (name, value) in headers {
                rules::check_answer_header(name, value).unwrap_or_else(&mut *report);
            }
        }
        Target::Queue { queue } => match queue.service() {
            Some("sqs") => {}
            _ => report(rules::no_queue(queue.name())),
        },
        Target::Put { table: name, set, .. } => match manifest.table(name) {
            None => report(format!("it writes to the table `{name}`, which the application does not have")),
            Some(table) => {
                for (attribute, value) in set {
                    rules::check_attribute_value(value, path)
                        .unwrap_or_else(|message| report(format!("`{attribute}`: {message}")));
                }
                check_table(table, set.keys().map(String::as_str).collect::<Vec<_>>().as_slice(), report);
            }
        },
    }
}

/// A mapping template writes what has one form in JSON and in DynamoDB.
fn check_table(table: &Table, set: &[&str], report: &mut impl FnMut(String)) {
    let Some(shape) = table.item.as_ref().filter(|_| table.entities.is_empty() && table.discriminator.is_none()) else {
        report(format!("`{}` has keys that templates make, which API Gateway cannot: write a handler", table.name));
        return;
    };
    for (name, kind) in &shape.attributes {
        let is_writable = matches!(kind, StoredType::S | StoredType::N | StoredType::Bool);
        if !is_writable && !shape.optional.contains(name) {
            report(format!(
                "`{name}` of `{}` is stored as {}, and without a function there are strings, numbers and booleans: write a handler",
                table.name,
                kind.as_str()
            ));
        }
        check_name(name, report);
    }
    for name in set {
        if !matches!(shape.attributes.get(*name), Some(StoredType::S | StoredType::N)) {
            report(no_such_attribute(table, shape, name));
        }
    }
}

/// A name that is a part of a template has to stay itself in it.
fn check_name(name: &str, report: &mut impl FnMut(String)) {
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.:".contains(c)) {
        report(format!("`{name}` has a sign that a mapping template takes for its own: write a handler"));
    }
}

fn no_such_attribute(table: &Table, shape: &ItemShape, name: &str) -> String {
    let near = rules::nearest(name, shape.attributes.keys().map(String::as_str));
    let near = near.filter(|near| *near != name).map_or(String::new(), |near| format!(": did you mean `{near}`?"));
    format!("`{}` has no string or number `{name}` that could be set{near}", table.name)
}
