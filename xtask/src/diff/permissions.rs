//! What each function may do, before and after: the statements of the roles, an action and a resource at a time.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{template::Template, value};

/// The difference of one function, or of a role that no function has.
#[derive(Debug, Serialize)]
pub(crate) struct Permissions {
    /// `PlaceOrderFunction`
    pub(super) of: String,
    pub(super) gained: BTreeSet<Grant>,
    pub(super) lost: BTreeSet<Grant>,
}

/// That an action on a resource is allowed, or denied.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(crate) struct Grant {
    /// `${OrderTable.Arn}`
    pub(super) resource: String,
    pub(super) effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<String>,
    pub(super) action: String,
}

/// Those whose permissions differ.
pub(super) fn changed(old: Template<'_>, new: Template<'_>) -> Vec<Permissions> {
    let (before, after) = (granted(old), granted(new));
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let none = BTreeSet::new();
    let of = |name: &String| {
        let (before, after) = (before.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none));
        let gained = after.difference(before).cloned().collect();
        Permissions { of: name.clone(), gained, lost: before.difference(after).cloned().collect() }
    };
    all.into_iter().map(of).filter(|it| !it.gained.is_empty() || !it.lost.is_empty()).collect()
}

/// A role's permissions are those of the functions that have it.
fn granted(template: Template<'_>) -> BTreeMap<String, BTreeSet<Grant>> {
    let mut all: BTreeMap<String, BTreeSet<Grant>> = BTreeMap::new();
    let mut by_role: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (function, role) in functions(template) {
        by_role.entry(role).or_default().push(function);
    }
    for (id, _) in template.of_types(&["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]) {
        let grants = grants(&template.properties(id));
        for owner in by_role.remove(id).unwrap_or_else(|| vec![id]) {
            all.entry(owner.to_owned()).or_default().extend(grants.iter().cloned());
        }
    }
    all
}

/// The functions with the logical ids of their roles.
fn functions(template: Template<'_>) -> impl Iterator<Item = (&str, String)> {
    let functions = template.of_types(&["AWS::Serverless::Function", "AWS::Lambda::Function"]);
    functions.filter_map(|(id, function)| {
        let role = value::text(function.get("Properties")?.get("Role")?);
        Some((id, role.strip_prefix("${")?.strip_suffix(".Arn}")?.to_owned()))
    })
}

fn grants(properties: &Value) -> BTreeSet<Grant> {
    let inline = list(&properties["Policies"]).into_iter().map(|policy| &policy["PolicyDocument"]);
    let documents = inline.chain(properties.get("PolicyDocument"));
    let statements = documents.flat_map(|document| list(&document["Statement"]));
    statements.flat_map(of_statement).chain(list(&properties["ManagedPolicyArns"]).into_iter().map(managed)).collect()
}

fn of_statement(statement: &Value) -> Vec<Grant> {
    let effect = statement["Effect"].as_str().unwrap_or_default();
    let condition = statement.get("Condition").map(value::text);
    let mut grants = Vec::new();
    for action in either(statement, "Action", "NotAction") {
        for resource in either(statement, "Resource", "NotResource") {
            let (action, effect, condition) = (action.clone(), effect.to_owned(), condition.clone());
            grants.push(Grant { resource, effect, condition, action });
        }
    }
    grants
}

/// `Action` says which; `NotAction` says all but which.
fn either(statement: &Value, these: &str, all_but_these: &str) -> Vec<String> {
    match statement.get(these) {
        Some(these) => list(these).into_iter().map(value::text).collect(),
        None => vec![format!("all but {}", value::text(&statement[all_but_these]))],
    }
}

fn managed(policy: &Value) -> Grant {
    Grant {
        resource: value::text(policy),
        effect: "Allow".into(),
        condition: None,
        action: "what the managed policy allows".into(),
    }
}

/// IAM takes one for a list of one.
fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}
