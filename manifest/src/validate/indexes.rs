//! The rules of a table's secondary indexes.

use std::collections::BTreeMap;

use crate::{AttributeType, Index, KeyAttribute, Table, rules};

/// Reports all that DynamoDB would refuse.
pub(super) fn check(table: &Table, report: &mut impl FnMut(String)) {
    check_counts(table, report);
    check_names(table, report);
    check_types(table, report);
    for index in &table.indexes {
        check_key(index, table, report);
        check_projection(index, table, report);
    }
}

fn check_counts(table: &Table, report: &mut impl FnMut(String)) {
    let local = table.indexes.iter().filter(|index| index.local).count();
    let named = table.indexes.iter().filter_map(|index| index.projection.attributes()).map(<[String]>::len).sum();
    let counts = [
        (local, rules::LOCAL_INDEXES, "local secondary indexes"),
        (table.indexes.len() - local, rules::GLOBAL_INDEXES, "global secondary indexes"),
        (named, rules::PROJECTED_ATTRIBUTES, "attributes that the projections of its indexes name, all together"),
    ];
    for (count, most, what) in counts.into_iter().filter(|(count, most, _)| count > most) {
        report(format!("it has {count} {what}, but a table takes {most}"));
    }
}

fn check_names(table: &Table, report: &mut impl FnMut(String)) {
    for (at, Index { name, .. }) in table.indexes.iter().enumerate() {
        if table.indexes[..at].iter().any(|other| other.name == *name) {
            report(format!("it has the index `{name}` twice: rename one of them"));
        }
        if !(3..=255).contains(&name.len()) {
            report(format!("the index name `{name}` has to have 3 to 255 characters"));
        }
    }
}

/// DynamoDB knows the type of each attribute that is part of a key, whichever keys it is part of.
fn check_types(table: &Table, report: &mut impl FnMut(String)) {
    let mut types: BTreeMap<&str, AttributeType> = BTreeMap::new();
    for KeyAttribute { attribute, kind } in keys_of(table).chain(table.indexes.iter().flat_map(Index::key_attributes)) {
        let first = *types.entry(attribute).or_insert(*kind);
        if first != *kind {
            let (first, kind) = (first.as_str(), kind.as_str());
            report(format!(
                "its attribute `{attribute}` is {first} in one key and {kind} in another: give it one type"
            ));
        }
    }
}

fn keys_of(table: &Table) -> impl Iterator<Item = &KeyAttribute> {
    std::iter::once(&table.partition_key).chain(&table.sort_key)
}

fn check_key(index: &Index, table: &Table, report: &mut impl FnMut(String)) {
    let Index { name, partition_key, sort_key, .. } = index;
    let sides = [("partition", Some(partition_key)), ("sort", sort_key.as_ref())];
    let most = if index.local { 1 } else { rules::INDEX_KEY_ATTRIBUTES };
    for (side, key) in sides.into_iter().filter_map(|(side, key)| Some((side, key?))) {
        if !(1..=most).contains(&key.len()) {
            let takes = if index.local { "a local index takes 1" } else { "a global index takes 1 to 4" };
            report(format!("the {side} key of the index `{name}` has {} attributes, but {takes}", key.len()));
        }
    }
    let attributes: Vec<&str> = index.key_attributes().map(|key| key.attribute.as_str()).collect();
    for (_, attribute) in attributes.iter().enumerate().filter(|(at, it)| attributes[..*at].contains(it)) {
        report(format!("the key of the index `{name}` has the attribute `{attribute}` twice: remove one of them"));
    }
    if index.local && partition_key[..] != [table.partition_key.clone()] {
        let key = &table.partition_key.attribute;
        report(format!("the index `{name}` is local, and so has the table's partition key, `{key}`"));
    }
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html>
fn check_projection(index: &Index, table: &Table, report: &mut impl FnMut(String)) {
    let Some(named) = index.projection.attributes() else { return };
    let name = &index.name;
    if !(1..=rules::PROJECTED_ATTRIBUTES_OF_INDEX).contains(&named.len()) {
        let most = rules::PROJECTED_ATTRIBUTES_OF_INDEX;
        report(format!(
            "the projection of the index `{name}` names {} attributes, but has to name 1 to {most}",
            named.len()
        ));
    }
    for (at, attribute) in named.iter().enumerate() {
        if named[..at].contains(attribute) {
            report(format!("the projection of the index `{name}` names `{attribute}` twice: remove one of them"));
        }
        if keys_of(table).chain(index.key_attributes()).any(|key| key.attribute == *attribute) {
            report(format!(
                "the projection of the index `{name}` names `{attribute}`, which is in it as a key already: remove it there"
            ));
        }
    }
}
