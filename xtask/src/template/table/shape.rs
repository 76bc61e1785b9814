//! What a table is made of, which is the same in all regions: keys, indexes, stream and expiry.

use std::{collections::BTreeMap, slice};

use serde_json::{Value, json};
use skyloom_manifest::{Index, KeyAttribute, Table};

/// The attributes of all keys, sorted; DynamoDB refuses any other.
pub(super) fn attribute_definitions(table: &Table) -> Vec<Value> {
    let attributes: BTreeMap<_, _> = std::iter::once(&table.partition_key)
        .chain(&table.sort_key)
        .chain(table.indexes.iter().flat_map(Index::key_attributes))
        .map(|key| (&key.attribute, key.kind.as_str()))
        .collect();
    attributes.iter().map(|(name, kind)| json!({"AttributeName": name, "AttributeType": kind})).collect()
}

pub(super) fn key_schema_of(table: &Table) -> Vec<Value> {
    key_schema(slice::from_ref(&table.partition_key), table.sort_key.as_slice())
}

fn key_schema(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> Vec<Value> {
    let keys = partition.iter().map(|key| (key, "HASH")).chain(sort.iter().map(|key| (key, "RANGE")));
    keys.map(|(key, kind)| json!({"AttributeName": key.attribute, "KeyType": kind})).collect()
}

/// The global indexes, each with what `more` says of it.
pub(super) fn global_indexes(table: &Table, more: impl Fn(&Index) -> Value) -> Option<Vec<Value>> {
    let with_more = |index: &Index| {
        let mut value = secondary_index(index);
        if let (Value::Object(value), Value::Object(more)) = (&mut value, more(index)) {
            value.extend(more);
        }
        value
    };
    some(table.indexes.iter().filter(|index| !index.local).map(with_more).collect())
}

pub(super) fn local_indexes(table: &Table) -> Option<Vec<Value>> {
    some(table.indexes.iter().filter(|index| index.local).map(secondary_index).collect())
}

pub(super) fn some(values: Vec<Value>) -> Option<Vec<Value>> {
    (!values.is_empty()).then_some(values)
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

pub(super) fn stream(table: &Table) -> Option<Value> {
    table.stream.map(|view| json!({"StreamViewType": view.as_str()}))
}

pub(super) fn time_to_live(table: &Table) -> Option<Value> {
    table.ttl.as_ref().map(|attribute| json!({"AttributeName": attribute, "Enabled": true}))
}
