//! A record as a stream shows it, made from the one that the engine has.

use std::collections::{BTreeSet, HashMap};

use dynoxide::{
    actions::get_records::Record,
    types::{AttributeValue, item_size},
};
use serde_json::{Value, json};
use skyloom_manifest::StreamView;

use super::{sequence::Sequence, shard::lineage_of, stream::Stream};
use crate::site::Site;

pub(super) fn sequence(record: &Record) -> Option<Sequence> {
    Sequence::parse(&record.dynamodb.sequence_number)
}

/// Whether anything is another than before. A write that leaves an item as it was makes no record.
pub(super) fn is_change(record: &Record) -> bool {
    match (&record.dynamodb.old_image, &record.dynamodb.new_image) {
        (Some(old), Some(new)) => !same_items(old, new),
        _ => true,
    }
}

/// The lineage of shards that the record's item is in.
pub(super) fn lineage(record: &Record, partition_key: &str) -> u32 {
    let key = record.dynamodb.keys.get(partition_key).and_then(|key| serde_json::to_string(key).ok());
    lineage_of(&key.unwrap_or_default())
}

/// The record in the form that Lambda hands on, as far as the stream shows it; and its size.
pub(super) fn shown(mut record: Record, stream: &Stream, site: &Site) -> Option<(Value, usize)> {
    let event_id = event_id(&stream.arn(site), &record.dynamodb.sequence_number);
    let change = &mut record.dynamodb;
    if matches!(stream.view, StreamView::KeysOnly | StreamView::OldImage) {
        change.new_image = None;
    }
    if matches!(stream.view, StreamView::KeysOnly | StreamView::NewImage) {
        change.old_image = None;
    }
    let images = [Some(&change.keys), change.new_image.as_ref(), change.old_image.as_ref()];
    let size: usize = images.into_iter().flatten().map(item_size).sum();
    change.size_bytes = i64::try_from(size).unwrap_or(i64::MAX);
    change.stream_view_type = stream.view.as_str().to_owned();
    record.aws_region.clone_from(&site.region);
    record.event_id = event_id;
    Some((serde_json::to_value(record).ok()?, size))
}

/// The service's own API spells who did it in another way than Lambda's events do.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Identity.html>
pub(super) fn on_the_wire(mut record: Value) -> Value {
    if let Some(identity) = record.get_mut("userIdentity") {
        *identity = json!({ "PrincipalId": identity["principalId"], "Type": identity["type"] });
    }
    record
}

/// 32 digits that are no other record's, and the same each time.
fn event_id(stream_arn: &str, sequence_number: &str) -> String {
    let name = format!("{stream_arn}/{sequence_number}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn same_items(old: &HashMap<String, AttributeValue>, new: &HashMap<String, AttributeValue>) -> bool {
    old.len() == new.len() && old.iter().all(|(name, value)| new.get(name).is_some_and(|other| same(value, other)))
}

/// Sets have no order; all else compares as it is stored.
fn same(old: &AttributeValue, new: &AttributeValue) -> bool {
    use AttributeValue as A;
    match (old, new) {
        (A::SS(old), A::SS(new)) | (A::NS(old), A::NS(new)) => {
            old.iter().collect::<BTreeSet<_>>() == new.iter().collect::<BTreeSet<_>>()
        }
        (A::BS(old), A::BS(new)) => old.iter().collect::<BTreeSet<_>>() == new.iter().collect::<BTreeSet<_>>(),
        (A::L(old), A::L(new)) => old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new)),
        (A::M(old), A::M(new)) => same_items(old, new),
        (old, new) => old == new,
    }
}
