//! The changes of nested stacks, told as if the application were one stack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    diff::{self, Action, Change, Replacement},
    template,
};

/// The type of a nested stack.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";

/// The changes of all stacks, by what the whole templates say.
///
/// In a nested stack CloudFormation counts all as changing to which another stack gives something, because it does not look across
/// stacks: what is the same in both templates is left out there.
pub(super) fn told(old: Option<&Value>, new: &Value, root: &Value, changes: Vec<Change>) -> Vec<Change> {
    let is_part = |change: &Change| change.resource_type == STACK && template::is_part(&change.logical_id);
    let is_nested = |change: &Change| root["Resources"].get(&change.logical_id).is_none();
    let is_known = |change: &Change| change.action == Action::Modify && diff::is_same(old, new, &change.logical_id);
    let (removed, mut others): (Vec<_>, Vec<_>) = changes
        .into_iter()
        .filter(|it| !(is_part(it) || is_nested(it) && is_known(it)))
        .partition(|it| it.action == Action::Remove);
    let added: BTreeSet<String> =
        others.iter().filter(|it| it.action == Action::Add).map(|it| it.logical_id.clone()).collect();
    let (moved, removed): (Vec<_>, Vec<_>) = removed.into_iter().partition(|it| added.contains(&it.logical_id));
    let mut moved: BTreeMap<String, Change> = moved.into_iter().map(|it| (it.logical_id.clone(), it)).collect();
    for change in &mut others {
        if change.action == Action::Add
            && let Some(old) = moved.remove(&change.logical_id)
        {
            *change = Change { action: Action::Move, replacement: Replacement::False, ..old };
        }
    }
    others.extend(removed);
    others
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(id: &str, kind: &str, action: Action) -> Change {
        Change {
            logical_id: id.into(),
            resource_type: kind.into(),
            physical_id: (action != Action::Add).then(|| format!("orders-{id}")),
            action,
            replacement: Replacement::False,
            properties: Vec::new(),
        }
    }

    fn summary(changes: &[Change]) -> Vec<String> {
        changes.iter().map(|it| format!("{:?} {}", it.action, it.logical_id)).collect()
    }

    #[test]
    fn what_goes_from_one_stack_to_another_is_moved_and_not_removed() {
        let whole = json!({"Resources": {"F": {"Type": "AWS::Serverless::Function"}}});
        let root = json!({"Resources": {"Part0": {"Type": STACK}}});
        let changes = vec![
            change("F", "AWS::Lambda::Function", Action::Remove),
            change("G", "AWS::Lambda::Function", Action::Remove),
            change("Part0", STACK, Action::Add),
            change("F", "AWS::Lambda::Function", Action::Add),
        ];
        let told = told(Some(&whole), &whole, &root, changes);
        assert_eq!(summary(&told), ["Move F", "Remove G"]);
        assert_eq!(told[0].physical_id.as_deref(), Some("orders-F"));
    }

    #[test]
    fn what_only_may_change_because_another_stack_gives_it_something_does_not() {
        let whole = |memory: u32| {
            json!({"Resources": {
                "F": {"Type": "AWS::Serverless::Function", "Properties": {"MemorySize": memory}},
                "P": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "F"}}},
                "T": {"Type": "AWS::DynamoDB::Table"},
            }})
        };
        let root = json!({"Resources": {"Part0": {"Type": STACK}, "Part0Row1": {"Type": STACK}, "T": {}}});
        let changes = vec![
            change("Part0", STACK, Action::Modify),
            change("F", "AWS::Lambda::Function", Action::Modify),
            change("Part0Row1", STACK, Action::Modify),
            change("P", "AWS::Lambda::Permission", Action::Modify),
            change("T", "AWS::DynamoDB::Table", Action::Modify),
        ];
        let told = told(Some(&whole(128)), &whole(256), &root, changes);
        assert_eq!(summary(&told), ["Modify F", "Modify T"], "tags change a table whose template is the same");
    }
}
