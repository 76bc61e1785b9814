//! A Lambda function with its role and its log group, and what makes it run.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skyloom_manifest::{Function, LogLevel, Manifest, Resource, Route, Trigger, bridge};

use super::{
    Resources, api, cursor_key, destination, event_invoke, intrinsic, name, package, policy, rollout, schedule, secret,
    stream, target, url, user_pool, vpc, websocket,
};
use crate::stage::Stage;

/// How long logs are kept, unless the handler or the stage says so.
const LOG_RETENTION_DAYS: u32 = 30;

/// What all functions have in common.
pub(super) fn globals(manifest: &Manifest, stage: &Stage) -> Value {
    let mut globals = json!({
        "Architectures": [stage.settings.architecture.unwrap_or_default().as_lambda()],
        "Tracing": is_all_traced(stage).then_some("Active"),
    });
    for (name, value) in package::globals(manifest, stage) {
        globals[name] = value.into();
    }
    globals
}

pub(super) fn add(resources: &mut Resources, manifest: &Manifest, function: &Function, stage: &Stage) {
    resources.add(name::function(&function.name), lambda(manifest, function, stage));
    let is_traced = is_traced(function, stage);
    resources.add(name::role(&function.name), policy::function_role(manifest, function, is_traced, stage));
    resources.add(
        name::log_group(&function.name),
        log_group(&format!("lambda/${{AWS::StackName}}/{}", function.name), function.options.log_retention),
    );
    if let Some(route) = Route::of(function)
        && let Some(api) = manifest.api(route.api)
    {
        resources.add(name::permission(&function.name), api::route_permission(api, &route));
    }
    match &function.trigger {
        Trigger::Stream(trigger) => {
            resources.add(name::event_source(&function.name), stream::event_source(manifest, function, trigger));
        }
        Trigger::Schedule { expression } => schedule::add(resources, manifest, function, expression),
        Trigger::Url { auth, cors } => url::add(resources, function, auth, cors.as_ref()),
        Trigger::UserPool { pool, .. } => {
            resources.add(name::permission(&function.name), user_pool::permission(function, pool));
        }
        Trigger::WebSocket { .. }
        | Trigger::Http { .. }
        | Trigger::Authorizer { .. }
        | Trigger::Invoke
        | Trigger::Hook => {}
    }
    function.destinations().for_each(|destination| destination::add(resources, destination));
}

fn is_all_traced(stage: &Stage) -> bool {
    stage.settings.tracing.unwrap_or(false)
}

fn is_traced(function: &Function, stage: &Stage) -> bool {
    function.options.tracing.unwrap_or_else(|| is_all_traced(stage))
}

/// What is other than of all functions.
fn tracing(function: &Function, stage: &Stage) -> Option<&'static str> {
    let is_traced = is_traced(function, stage);
    (is_traced != is_all_traced(stage)).then_some(if is_traced { "Active" } else { "PassThrough" })
}

fn lambda(manifest: &Manifest, function: &Function, stage: &Stage) -> Value {
    let options = &function.options;
    let mut lambda = json!({
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Description": function.description.as_deref().map(summary),
            "MemorySize": function.memory,
            "Timeout": function.timeout,
            "ReservedConcurrentExecutions": function.concurrency,
            "AutoPublishAlias": function.options.has_alias().then_some(target::ALIAS),
            "DeploymentPreference": rollout::preference(function),
            "ProvisionedConcurrencyConfig": rollout::provisioned(function),
            "Role": intrinsic::attribute(&name::role(&function.name), "Arn"),
            "Environment": environment(manifest, function, stage),
            "DeadLetterQueue": event_invoke::dead_letter_queue(manifest, function),
            "EphemeralStorage": options.ephemeral_storage.map(|size| json!({"Size": size})),
            "EventInvokeConfig": event_invoke::config(manifest, function),
            "Layers": layers(function),
            "LoggingConfig": {
                "LogFormat": "JSON",
                "LogGroup": intrinsic::reference(&name::log_group(&function.name)),
                "ApplicationLogLevel": options.log_level.map(LogLevel::as_str),
            },
            "Tags": (!options.tags.is_empty()).then_some(&options.tags),
            "Tracing": tracing(function, stage),
            "VpcConfig": vpc::of(function, stage).map(vpc::config),
        },
    });
    for (name, value) in package::of_function(manifest, &function.name, stage) {
        lambda["Properties"][name] = value;
    }
    lambda
}

/// The physical names of the tables and secrets that the function may use, it is told of no other, where it sends to connections, the key
/// of its cursors, the versions that it checks as a hook, and what its handler and the stage say.
fn environment(manifest: &Manifest, function: &Function, stage: &Stage) -> Option<Value> {
    let tables = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Table { table } | Resource::Index { table, .. } => Some(table),
        Resource::Secret { .. } | Resource::Connections { .. } | Resource::Arn { .. } => None,
    });
    let mut variables: BTreeMap<_, _> =
        tables.map(|table| (bridge::table_variable(table), intrinsic::reference(&name::table(table)))).collect();
    let secrets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Secret { secret } => Some(secret),
        _ => None,
    });
    variables.extend(secrets.map(|it| (bridge::secret_variable(it), secret::id(manifest, it))));
    let sockets = function.permissions.iter().filter_map(|permission| match &permission.resource {
        Resource::Connections { api, .. } => manifest.api(api),
        _ => None,
    });
    let url = |api| websocket::management_url(api, stage);
    variables.extend(sockets.map(|api| (bridge::connections_variable(&api.name), url(api))));
    if function.makes_cursors() {
        variables.insert(bridge::CURSOR_KEY_VARIABLE.into(), cursor_key::reference());
    }
    variables.extend(rollout::versions(manifest, function));
    for (name, value) in &function.options.environment {
        variables.insert(name.clone(), value.as_str().into());
    }
    (!variables.is_empty()).then(|| json!({"Variables": variables}))
}

fn layers(function: &Function) -> Option<Vec<Value>> {
    let layers: Vec<_> = function.options.layers.iter().map(intrinsic::substitute).collect();
    (!layers.is_empty()).then_some(layers)
}

/// Logs go with the stack: kept, they would be in the way of the next one, because their name is fixed.
pub(super) fn log_group(path: &str, days: Option<u32>) -> Value {
    json!({
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "LogGroupName": intrinsic::substitute(format!("/aws/{path}")),
            "RetentionInDays": days.unwrap_or(LOG_RETENTION_DAYS),
        },
    })
}

/// The first paragraph of a doc comment on one line, within the 256 characters that Lambda and Scheduler take.
pub(super) fn summary(documentation: &str) -> String {
    let paragraph = documentation.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(255) {
        Some((end, last)) if end + last.len_utf8() < line.len() => format!("{}\u{2026}", &line[..end]),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn a_description_is_the_first_paragraph_and_short() {
        assert_eq!(summary("Places an\norder.\n\nAt length."), "Places an order.");
        assert_eq!(summary(&"x".repeat(256)), "x".repeat(256));
        assert_eq!(summary(&"\u{e9}".repeat(257)), "\u{e9}".repeat(255) + "\u{2026}");
    }
}
