//! From the manifest's tables to the engine's.

use std::slice;

use dynoxide::{
    Database,
    actions::{create_table::CreateTableRequest, update_time_to_live::UpdateTimeToLiveRequest},
    errors::DynoxideError,
    storage::TableMetadata,
};
use serde_json::{Value, json};
use skyloom_manifest::{Index, KeyAttribute, StreamView, Table, TableClass, Throughput};

use super::{decode, streams::Ledger};
use crate::site::Site;

/// Why the tables of an application could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum TableError {
    /// The state on disk is of an earlier version of the application.
    #[error(
        "the stored table `{table}` has another {what} than the application's: \
         start with `--fresh` to begin with empty tables"
    )]
    Changed { table: String, what: &'static str },
    /// The engine or its file failed.
    #[error("the tables could not be opened: {0}")]
    Engine(#[from] DynoxideError),
}

/// Makes a table, unless it is there already.
pub(super) fn create(engine: &Database, site: &Site, ledger: &Ledger, table: &Table) -> Result<(), TableError> {
    let name = site.physical_name(&table.name);
    if let Some(stored) = engine.get_table_metadata(&name)? {
        let view = ledger.view(&name).map(StreamView::as_str).or(stored.stream_view_type.as_deref());
        return compare(&stored, view.filter(|_| stored.stream_enabled), &name, table);
    }
    engine.create_table(decode::request::<CreateTableRequest>(request(&name, table))?)?;
    if let Some(view) = table.stream {
        ledger.declare(&name, view);
    }
    if let Some(attribute) = &table.ttl {
        let expiry = json!({
            "TableName": name,
            "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
        });
        engine.update_time_to_live(decode::request::<UpdateTimeToLiveRequest>(expiry)?)?;
    }
    Ok(())
}

fn request(name: &str, table: &Table) -> Value {
    let options = &table.options;
    let tags = options.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
    let mut request = json!({
        "TableName": name,
        "AttributeDefinitions": definitions(table),
        "KeySchema": key_schema_of(table),
        "DeletionProtectionEnabled": options.deletion_protection,
        "TableClass": class(options.class),
        "Tags": tags.collect::<Vec<_>>(),
    });
    match options.throughput {
        Throughput::OnDemand { .. } => request["BillingMode"] = "PAY_PER_REQUEST".into(),
        Throughput::Provisioned { .. } => request["BillingMode"] = "PROVISIONED".into(),
    }
    pay(&mut request, options.throughput);
    for (field, local) in [("LocalSecondaryIndexes", true), ("GlobalSecondaryIndexes", false)] {
        let indexes = paid_indexes(table, local);
        if !indexes.is_empty() {
            request[field] = indexes.into();
        }
    }
    if table.stream.is_some() {
        let both = StreamView::NewAndOldImages.as_str(); // whatever the stream then shows of it
        request["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": both });
    }
    request
}

const fn class(class: TableClass) -> &'static str {
    match class {
        TableClass::Standard => "STANDARD",
        TableClass::InfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
    }
}

/// The capacity that a table or a global index begins with, or the limits on demand.
fn pay(described: &mut Value, throughput: Throughput) {
    match throughput {
        Throughput::OnDemand { max_reads: None, max_writes: None } => {}
        Throughput::OnDemand { max_reads, max_writes } => {
            let limits = [("MaxReadRequestUnits", max_reads), ("MaxWriteRequestUnits", max_writes)];
            let limits = limits.into_iter().filter_map(|(name, most)| Some((name.to_owned(), most?.into())));
            described["OnDemandThroughput"] = Value::Object(limits.collect());
        }
        Throughput::Provisioned { reads, writes } => {
            described["ProvisionedThroughput"] =
                json!({ "ReadCapacityUnits": reads.initial(), "WriteCapacityUnits": writes.initial() });
        }
    }
}

fn key_schema_of(table: &Table) -> Value {
    key_schema(slice::from_ref(&table.partition_key), table.sort_key.as_slice())
}

fn key_schema(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> Value {
    let keys = partition.iter().map(|key| (key, "HASH")).chain(sort.iter().map(|key| (key, "RANGE")));
    keys.map(|(key, kind)| json!({ "AttributeName": key.attribute, "KeyType": kind })).collect()
}

/// Each key attribute of the table and its indexes once.
fn definitions(table: &Table) -> Vec<Value> {
    let indexes = table.indexes.iter().flat_map(Index::key_attributes);
    let mut keys: Vec<_> = [&table.partition_key].into_iter().chain(&table.sort_key).chain(indexes).collect();
    keys.sort();
    keys.dedup();
    keys.iter().map(|key| json!({ "AttributeName": key.attribute, "AttributeType": key.kind.as_str() })).collect()
}

/// The indexes with their capacity; the engine knows no limit on demand for one of them.
fn paid_indexes(table: &Table, local: bool) -> Vec<Value> {
    let paid = |declared: &Index| {
        let mut described = index(declared);
        if let (false, throughput @ Throughput::Provisioned { .. }) = (local, table.throughput_of(declared)) {
            pay(&mut described, throughput);
        }
        described
    };
    table.indexes.iter().filter(|index| index.local == local).map(paid).collect()
}

/// What of the indexes is in the items, however they are paid for.
fn indexes(table: &Table, local: bool) -> Vec<Value> {
    table.indexes.iter().filter(|index| index.local == local).map(index).collect()
}

fn index(index: &Index) -> Value {
    let mut projection = json!({ "ProjectionType": index.projection.as_str() });
    if let Some(attributes) = index.projection.attributes() {
        projection["NonKeyAttributes"] = attributes.into();
    }
    json!({
        "IndexName": index.name,
        "KeySchema": key_schema(&index.partition_key, index.sort_key.as_deref().unwrap_or_default()),
        "Projection": projection,
    })
}

/// State on disk is kept only for the same tables: what changed may be what the items in it depend on.
fn compare(stored: &TableMetadata, view: Option<&str>, name: &str, table: &Table) -> Result<(), TableError> {
    let key = key_schema_of(table);
    let parts = [
        ("key", same(Some(&stored.key_schema), key)),
        ("local secondary index", same(stored.lsi_definitions.as_ref(), indexes(table, true).into())),
        ("global secondary index", same(stored.gsi_definitions.as_ref(), indexes(table, false).into())),
        ("key attribute type", same(Some(&stored.attribute_definitions), definitions(table).into())),
        ("stream", view == table.stream.map(|view| view.as_str())),
        ("TTL attribute", stored.ttl_attribute == table.ttl),
    ];
    match parts.iter().find(|(_, is_same)| !is_same) {
        Some((what, _)) => Err(TableError::Changed { table: name.to_owned(), what }),
        None => Ok(()),
    }
}

/// Compares what was stored with what would be, whatever members the engine adds with its own defaults.
fn same(stored: Option<&String>, wanted: Value) -> bool {
    let stored = stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Array(vec![]));
    let (Value::Array(stored), Value::Array(wanted)) = (stored, wanted) else { return false };
    stored.len() == wanted.len() && wanted.iter().all(|it| stored.iter().any(|other| includes(other, it)))
}

fn includes(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(name, value)| whole.get(name).is_some_and(|other| includes(other, value)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| includes(whole, part))
        }
        _ => whole == part,
    }
}
