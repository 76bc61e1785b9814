//! The rules of entities that share a table.

use std::collections::BTreeMap;

use crate::{Entity, Table};

/// Reports entities whose items would take each other's place, because their keys are made in the same way.
pub(super) fn check(table: &Table, report: &mut impl FnMut(String)) {
    check_names(table, report);
    let mut seen: BTreeMap<(String, String), &Entity> = BTreeMap::new();
    for entity in &table.entities {
        let key = (shape(&entity.partition), shape(entity.sort.as_deref().unwrap_or_default()));
        if let Some(other) = seen.insert(key, entity) {
            let at = entity.source.as_ref().map_or(String::new(), |source| format!(" at {source}"));
            report(format!(
                "its entities `{}` and `{}` have keys that are made in the same way, so that one would be stored in place of the \
                 other: give `{}`{at} a text of its own, `sort = \"{}#…\"`",
                other.name,
                entity.name,
                entity.name,
                entity.name.to_ascii_uppercase()
            ));
        }
    }
}

/// Reports entities whose items say the same of themselves, so that one is read as the other.
fn check_names(table: &Table, report: &mut impl FnMut(String)) {
    for (at, entity) in table.entities.iter().enumerate() {
        if let Some(other) = table.entities[..at].iter().find(|other| other.name == entity.name) {
            let place =
                |entity: &Entity| entity.source.as_ref().map_or(String::new(), |source| format!(" at {source}"));
            report(format!(
                "the items of two of its entities, the one{} and the one{}, both say that they are a `{}`: give one of them a \
                 name of its own, `#[entity(…, name = \"…\")]`",
                place(other),
                place(entity),
                entity.name
            ));
        }
    }
}

/// The template without the names of its fields: which they are makes no difference to the key.
fn shape(template: &str) -> String {
    let mut shape = String::new();
    for part in template.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            Some(_) => shape.push('}'),
            None => shape.push_str(part),
        }
    }
    shape
}
