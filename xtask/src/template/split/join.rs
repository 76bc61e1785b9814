//! The way back: the stacks of an application as the one template that they were cut from. Templates are compared so, and it makes no
//! difference to a reader in which stack something is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::reference::{self, Reference};

/// Joins a root with its parts. Outputs are those of the root.
pub(crate) fn join(root: &Value, parts: &BTreeMap<String, Value>) -> Value {
    let mut whole = root.clone();
    reference::change(&mut whole["Outputs"], &mut |it| of_output(parts, it));
    let Some(resources) = whole["Resources"].as_object_mut() else { return whole };
    resources.retain(|id, _| !parts.contains_key(id));
    for resource in resources.values_mut() {
        reference::change(resource, &mut |it| of_output(parts, it));
    }
    for (id, part) in parts {
        let given = &root["Resources"][id]["Properties"]["Parameters"];
        for (id, resource) in part["Resources"].as_object().into_iter().flatten() {
            let mut resource = resource.clone();
            reference::change(&mut resource, &mut |it| of_parameter(parts, given, it));
            resources.insert(id.clone(), resource);
        }
    }
    if let Some(whole) = whole.as_object_mut().filter(|it| it.get("Outputs").is_some_and(Value::is_null)) {
        whole.remove("Outputs");
    }
    whole
}

/// What a part's parameter stands for.
fn of_parameter(parts: &BTreeMap<String, Value>, given: &Value, reference: &Reference) -> Option<Reference> {
    let value = given.get(&reference.id).filter(|_| reference.attribute().is_none())?;
    if reference.id == "AWSStackName" {
        return Some(Reference::to("AWS::StackName")); // the part's own name, made of it
    }
    let given = Reference::read(value)?;
    Some(of_output(parts, &given).unwrap_or(given))
}

/// What a part's output is.
fn of_output(parts: &BTreeMap<String, Value>, reference: &Reference) -> Option<Reference> {
    let name = reference.attribute()?.strip_prefix("Outputs.")?;
    Reference::read(&parts.get(&reference.id)?["Outputs"][name]["Value"])
}
