//! A DynamoDB table.

use std::{collections::BTreeMap, slice};

use serde_json::{Value, json};
use skyloom_manifest::{Index, KeyAttribute, Table};

use super::{Resources, name};

/// Adds the table. It outlives the stack, has point-in-time recovery, and is encrypted with DynamoDB's own key, which
/// is what a table without `SSESpecification` is.
pub(super) fn add(resources: &mut Resources, table: &Table) {
    let indexes = |local| {
        let chosen: Vec<_> = table.indexes.iter().filter(|index| index.local == local).map(secondary_index).collect();
        (!chosen.is_empty()).then_some(chosen)
    };
    resources.add(
        name::table(&table.name),
        json!({
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": attribute_definitions(table),
                "KeySchema": key_schema(slice::from_ref(&table.partition_key), table.sort_key.as_slice()),
                "GlobalSecondaryIndexes": indexes(false),
                "LocalSecondaryIndexes": indexes(true),
                "StreamSpecification": table.stream.map(|view| json!({"StreamViewType": view.as_str()})),
                "TimeToLiveSpecification":
                    table.ttl.as_ref().map(|attribute| json!({"AttributeName": attribute, "Enabled": true})),
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
            },
        }),
    );
}

/// The attributes of all keys, sorted; DynamoDB refuses any other.
fn attribute_definitions(table: &Table) -> Vec<Value> {
    let attributes: BTreeMap<_, _> = std::iter::once(&table.partition_key)
        .chain(&table.sort_key)
        .chain(table.indexes.iter().flat_map(Index::key_attributes))
        .map(|key| (&key.attribute, key.kind.as_str()))
        .collect();
    attributes.iter().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect()
}

fn key_schema(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> Vec<Value> {
    let keys = partition.iter().map(|key| (key, "HASH")).chain(sort.iter().map(|key| (key, "RANGE")));
    keys.map(|(key, kind)| json!({"AttributeName": key.attribute, "KeyType": kind})).collect()
}

fn secondary_index(index: &Index) -> Value {
    json!({
        "IndexName": index.name,
        "KeySchema": key_schema(&index.partition_key, index.sort_key.as_deref().unwrap_or_default()),
        "Projection": {
            "ProjectionType": index.projection.as_str(),
            "NonKeyAttributes": index.projection.attributes(),
        },
    })
}
