//! A DynamoDB table, of one region or of several.

mod autoscaling;
mod regional;
mod replicated;
mod settings;
mod shape;

use serde_json::{Value, json};
use skyloom_manifest::Table;

use super::{Resources, name};

/// Adds the table. It outlives the stack, has point-in-time recovery unless it says otherwise, and is encrypted.
pub(super) fn add(resources: &mut Resources, table: &Table) {
    let (kind, properties) = if table.options.replicas.is_empty() {
        autoscaling::add(resources, table);
        ("AWS::DynamoDB::Table", regional::properties(table))
    } else {
        ("AWS::DynamoDB::GlobalTable", replicated::properties(table))
    };
    resources.add(name::table(&table.name), retained(kind, &properties));
}

fn retained(kind: &str, properties: &Value) -> Value {
    json!({"Type": kind, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties})
}
