//! CloudFormation's functions, in their long form: a short one (`!GetAtt`) is a YAML tag that only AWS's tools know.

use serde_json::{Value, json};

/// What `Ref` gives for a resource: mostly its name.
pub(super) fn reference(id: &str) -> Value {
    json!({"Ref": id})
}

/// An attribute of a resource.
pub(super) fn attribute(id: &str, name: &str) -> Value {
    json!({"Fn::GetAtt": [id, name]})
}

/// A text in which `${…}` is filled in. A text without any stays as it is.
pub(super) fn substitute(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.contains("${") { json!({"Fn::Sub": text}) } else { text.into() }
}
