//! Which resources are a function's own, so that they go where it goes.

use serde_json::Value;

use super::graph::Graph;

/// What may go into another stack: each of these is made anew in no time and nobody misses the old one. All other types stay,
/// those that hold data, that others know by name, and those of which nothing is known.
const MOVABLE: [&str; 13] = [
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Serverless::Function",
];

/// What goes only if the root has no room for it: the lines of a log would be gone with the old log group, and a schedule could run
/// twice.
const RELUCTANT: [&str; 4] =
    ["AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter", "AWS::Scheduler::Schedule"];

/// How much leaves the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    WhatIsEasy,
    AllThatCan,
}

/// For each resource the number of the function that it belongs to; `None` for what stays in the root.
///
/// The function's is what only it uses (its role, its log group), and what uses only it (its alarms, permissions and schedules). This asks
/// neither for names nor for who made the resource, so that it holds for those of `template.overrides.yaml` as well.
pub(super) fn owners(graph: &Graph<'_>, leaving: Leaving) -> Vec<Option<usize>> {
    let movable: Vec<bool> = (0..graph.ids.len()).map(|number| is_movable(graph, number, leaving)).collect();
    let is_function = |number: usize| graph.kind(number).ends_with("::Function");
    let mut owners: Vec<_> =
        movable.iter().enumerate().map(|(number, it)| (*it && is_function(number)).then_some(number)).collect();
    loop {
        let open = (0..movable.len()).filter(|number| movable[*number] && owners[*number].is_none());
        let found: Vec<_> =
            open.filter_map(|number| Some((number, owner_of(graph, number, &movable, &owners)?))).collect();
        if found.is_empty() {
            return owners;
        }
        for (number, owner) in found {
            owners[number] = Some(owner);
        }
    }
}

fn owner_of(graph: &Graph<'_>, number: usize, movable: &[bool], owners: &[Option<usize>]) -> Option<usize> {
    let users = || graph.users[number].iter().filter(|user| movable[**user]).map(|user| owners[*user]);
    if users().any(|owner| owner.is_some()) {
        return only(users()); // while one of them is open, so is this
    }
    let named = graph.resources[number]["Properties"].get("FunctionName").and_then(|it| function_of(graph, it));
    let needs = graph.needs[number].iter().map(|need| owners[*need]).filter(Option::is_some);
    named.and_then(|function| owners[function]).or_else(|| only(needs))
}

fn function_of(graph: &Graph<'_>, value: &Value) -> Option<usize> {
    super::reference::Reference::read(value).and_then(|it| graph.number(&it.id))
}

/// The one that all are.
fn only(mut owners: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    let first = owners.next()??;
    owners.all(|it| it == Some(first)).then_some(first)
}

fn is_movable(graph: &Graph<'_>, number: usize, leaving: Leaving) -> bool {
    let kind = graph.kind(number);
    let goes = MOVABLE.contains(&kind) || (leaving == Leaving::AllThatCan && RELUCTANT.contains(&kind));
    let resource = graph.resources[number];
    goes && resource.get("Condition").is_none() && !is_bound(resource)
}

/// Whether a value uses what is defined elsewhere in its template, as only overrides do: conditions, mappings and macros.
pub(super) fn is_bound(value: &Value) -> bool {
    const BOUND: [&str; 3] = ["Fn::If", "Fn::FindInMap", "Fn::Transform"];
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| BOUND.contains(&key.as_str()) || is_bound(value)),
        Value::Array(values) => values.iter().any(is_bound),
        _ => false,
    }
}
