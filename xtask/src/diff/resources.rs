//! The resources that a change set touches, the gravest first.

use serde::Serialize;
use serde_json::Value;

use super::{
    Action, Change, Recreation, Replacement,
    properties::{self, Difference},
    template::Template,
};

/// A resource that a deployment touches.
#[derive(Debug, Serialize)]
pub(crate) struct Resource {
    pub(crate) logical_id: String,
    /// As CloudFormation knows it, after SAM's transform.
    pub(crate) resource_type: String,
    pub(crate) what: What,
    /// Of one that is replaced or removed: whether the old one stays at AWS, outside the stack.
    pub(crate) is_kept: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) physical_id: Option<String>,
    /// What differs in it, if it is there before and after.
    pub(crate) properties: Vec<Difference>,
}

/// What happens to a resource. The order is that in which they are told.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Replaced,
    /// Whether it is replaced depends on what is known only when it is executed.
    PerhapsReplaced,
    Removed,
    /// Made anew in another stack of the application, before the old one is deleted.
    Moved,
    Changed,
    Added,
    Imported,
}

/// What the changes do, with what the templates know about them.
pub(super) fn changed(old: Template<'_>, new: Template<'_>, changes: &[Change]) -> Vec<Resource> {
    let mut resources: Vec<_> = changes.iter().map(|change| resource(old, new, change)).collect();
    resources.sort_by(|one, other| (one.what, &one.logical_id).cmp(&(other.what, &other.logical_id)));
    resources
}

fn resource(old: Template<'_>, new: Template<'_>, change: &Change) -> Resource {
    let what = what(change);
    Resource {
        logical_id: change.logical_id.clone(),
        resource_type: change.resource_type.clone(),
        what,
        is_kept: is_kept(old, new, change, what),
        physical_id: change.physical_id.clone(),
        properties: if matches!(what, What::Added | What::Imported | What::Removed) {
            Vec::new()
        } else {
            differences(old, new, change)
        },
    }
}

fn what(change: &Change) -> What {
    match (change.action, change.replacement) {
        (Action::Add, _) => What::Added,
        (Action::Import, _) => What::Imported,
        (Action::Remove, _) => What::Removed,
        (Action::Move, _) => What::Moved,
        (Action::Modify | Action::Dynamic, Replacement::True) => What::Replaced,
        (Action::Modify | Action::Dynamic, Replacement::Conditional) | (Action::Dynamic, _) => What::PerhapsReplaced,
        (Action::Modify, Replacement::False) => What::Changed,
    }
}

/// A removed resource is treated as the old template says, which is the last to know it; a replaced one as the new one says.
fn is_kept(old: Template<'_>, new: Template<'_>, change: &Change, what: What) -> bool {
    let says = |template: Template<'_>, policy: &str| {
        let policy = template.resource(&change.logical_id).and_then(|it| it.get(policy)).and_then(Value::as_str);
        policy.is_some_and(|policy| policy.starts_with("Retain")) // or `RetainExceptOnCreate`
    };
    match what {
        What::Removed => says(old, "DeletionPolicy"),
        What::Replaced | What::PerhapsReplaced => says(new, "UpdateReplacePolicy"),
        What::Moved | What::Changed | What::Added | What::Imported => false,
    }
}

/// What differs in the templates, and after it the properties that change only because of what they refer to.
fn differences(old: Template<'_>, new: Template<'_>, change: &Change) -> Vec<Difference> {
    let (before, after) = (old.properties(&change.logical_id), new.properties(&change.logical_id));
    let mut differences = match (&before, &after) {
        (Value::Null, _) | (_, Value::Null) => Vec::new(), // one of SAM's own making
        _ => properties::differences(&before, &after),
    };
    for difference in &mut differences {
        let property = change.properties.iter().find(|it| it.name == translated(difference.root()));
        difference.recreation = property.map(|it| it.recreation).unwrap_or_default();
    }
    for property in &change.properties {
        if !differences.iter().any(|it| translated(it.root()) == property.name) {
            let path = property.name.clone();
            differences.push(Difference { path, old: None, new: None, recreation: property.recreation });
        }
    }
    // CloudFormation lists every property that could make it anew, also of one that it only may.
    if change.replacement == Replacement::False {
        differences.iter_mut().for_each(|it| it.recreation = Recreation::Never);
    }
    differences
}

/// The name of a property of SAM's after its transform.
fn translated(property: &str) -> &str {
    match property {
        "CodeUri" | "InlineCode" | "ImageUri" => "Code",
        "DefinitionBody" => "Body",
        "Tracing" => "TracingConfig",
        other => other,
    }
}
