//! The indexes of a table that were and those that shall be.

use std::collections::BTreeMap;

use skyloom_manifest::{AttributeType, Index, Table};

use super::{Finding, Severity};

pub(super) fn compare(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    compare_local(old, new, findings);
    compare_global(old, new, findings);
    compare_types(old, new, findings);
}

fn compare_local(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    let mut names: Vec<&String> = [old, new]
        .iter()
        .flat_map(|table| &table.indexes)
        .filter(|index| index.local)
        .map(|index| &index.name)
        .collect();
    names.sort();
    names.dedup();
    for name in names {
        let change = match (local(old, name), local(new, name)) {
            (Some(before), Some(after)) if is_same(before, after) => continue,
            (Some(_), Some(_)) => format!("its local index `{name}` has another key or projection"),
            (Some(_), None) => format!("its local index `{name}` is not there any more"),
            (None, _) => format!("its local index `{name}` is new"),
        };
        findings.push(Finding::new(
            Severity::ReplacesTable,
            new,
            change,
            "local indexes are fixed when a table is made: CloudFormation makes a new, empty one, and the old one is kept with all its items.",
            "use a global index, which can be added and removed at any time; leave a local one that is not used.",
        ));
    }
}

fn compare_global(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    let changed =
        global(old).filter(|before| global(new).any(|after| after.name == before.name && !is_same(before, after)));
    for index in changed {
        findings.push(Finding::new(
            Severity::RebuildsIndex,
            new,
            format!("its index `{}` has another key or projection", index.name),
            "DynamoDB cannot change an index: it is removed and made anew from all items, and CloudFormation refuses both at once.",
            "add an index of another name, let the handlers read that one, and then remove this one.",
        ));
    }
    let is_missing = |index: &&Index, table: &Table| !global(table).any(|other| other.name == index.name);
    let moved: Vec<String> = global(old)
        .filter(|index| is_missing(index, new))
        .chain(global(new).filter(|index| is_missing(index, old)))
        .map(|index| format!("`{}`", index.name))
        .collect();
    if moved.len() > 1 {
        findings.push(Finding::new(
            Severity::SeveralDeploys,
            new,
            format!("its indexes {} are added or removed at once", moved.join(", ")),
            "DynamoDB adds or removes one global index of a table in an update, and CloudFormation refuses more; no item is touched.",
            "deploy them one after the other.",
        ));
    }
}

/// An attribute that stays a key but is of another type: the items that are stored have the old one.
fn compare_types(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    let before = types(old);
    for (attribute, after) in types(new) {
        match before.get(attribute) {
            Some(before) if *before != after => findings.push(Finding::new(
                Severity::BreaksData,
                new,
                format!(
                    "the type of its attribute `{attribute}`, which an index has as a key, was {} and is {}",
                    before.as_str(),
                    after.as_str()
                ),
                "items with the old type are missing from the index, and cannot be read as what the struct says now.",
                "add a field of another name and type, write both for a while, and index the new one.",
            )),
            _ => {}
        }
    }
}

/// The types of the attributes by which indexes are keyed, but the table is not.
fn types(table: &Table) -> BTreeMap<&str, AttributeType> {
    let of_table = |name: &str| {
        table.partition_key.attribute == name || table.sort_key.as_ref().is_some_and(|key| key.attribute == name)
    };
    let keys = table.indexes.iter().flat_map(Index::key_attributes);
    keys.map(|key| (key.attribute.as_str(), key.kind)).filter(|(name, _)| !of_table(name)).collect()
}

fn global(table: &Table) -> impl Iterator<Item = &Index> {
    table.indexes.iter().filter(|index| !index.local)
}

fn local<'a>(table: &'a Table, name: &str) -> Option<&'a Index> {
    table.index(name).filter(|index| index.local)
}

/// Whether it is the same index, however it is paid for.
fn is_same(a: &Index, b: &Index) -> bool {
    (&a.partition_key, &a.sort_key, &a.projection) == (&b.partition_key, &b.sort_key, &b.projection)
}
