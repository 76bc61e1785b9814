//! The attributes of items that were and those that shall be: what a reader of the new struct makes of an old item.

use skyloom_manifest::{Index, ItemShape, StoredType, Table};

use super::{Finding, Severity};

/// Compares the items of a table, and those of each entity that it still has.
pub(super) fn compare(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    let tables = [old, new];
    let mut compare = |entity, old: &Option<ItemShape>, new: &Option<ItemShape>| {
        // Of a manifest that says nothing of attributes, nothing is known.
        if let (Some(old), Some(new)) = (old, new) {
            findings.extend(Change { tables, entity, old, new }.findings());
        }
    };
    compare(None, &old.item, &new.item);
    for entity in &old.entities {
        if let Some(after) = new.entities.iter().find(|other| other.name == entity.name) {
            compare(Some(&entity.name), &entity.item, &after.item);
        }
    }
}

/// One kind of item, before and after.
struct Change<'a> {
    tables: [&'a Table; 2],
    entity: Option<&'a str>,
    old: &'a ItemShape,
    new: &'a ItemShape,
}

impl Change<'_> {
    fn findings(&self) -> Vec<Finding> {
        let stored = self.old.attributes.iter().filter(|(name, _)| !self.is_table_key(name));
        let wanted = self.new.attributes.keys().filter(|name| !self.is_table_key(name));
        stored
            .filter_map(|(name, before)| match self.read_as(name) {
                Some(after) => self.changed_type(name, *before, after),
                None => self.removed(name),
            })
            .chain(wanted.filter_map(|name| self.missing(name)))
            .chain(self.old.aliases.iter().filter_map(|(alias, name)| self.forgotten(alias, name)))
            .collect()
    }

    /// What becomes of the table's own key is told as such.
    fn is_table_key(&self, name: &str) -> bool {
        let keys = self.tables.iter().flat_map(|table| [Some(&table.partition_key), table.sort_key.as_ref()]);
        keys.flatten().any(|key| key.attribute == name)
    }

    /// The attribute that now stands for a stored one.
    fn read_as<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        if self.new.attributes.contains_key(name) { Some(name) } else { self.new.aliases.get(name).map(String::as_str) }
    }

    fn changed_type(&self, name: &str, before: StoredType, after_name: &str) -> Option<Finding> {
        let after = *self.new.attributes.get(after_name)?;
        let is_known = before != StoredType::Any && after != StoredType::Any;
        if before == after || !is_known || (name == after_name && self.keys_indexes(name)) {
            return None;
        }
        let change = format!("the type of {} was {} and is {}", self.attribute(name), before.as_str(), after.as_str());
        if is_read_alike(before, after) {
            return Some(self.finding(
                Severity::BreaksData,
                change,
                "stored items are read, but an update that adds to or takes from the attribute fails on them.",
                "`put` each item once as it was read, before anything updates it.",
            ));
        }
        Some(self.finding(
            Severity::BreaksData,
            change,
            format!("no item that is stored with the old type is read: it fails with `{name}: invalid type`, and a caller gets 500."),
            "add a field of another name with `#[serde(default)]`, and write both until each item has it; or read both types \
             with `#[serde(deserialize_with = \"…\")]`.",
        ))
    }

    /// The types of attributes that key an index, before and after, are compared where indexes are.
    fn keys_indexes(&self, name: &str) -> bool {
        let is_key =
            |table: &&Table| table.indexes.iter().flat_map(Index::key_attributes).any(|key| key.attribute == name);
        self.tables.iter().all(is_key)
    }

    fn removed(&self, name: &str) -> Option<Finding> {
        if self.new.open {
            return None; // the flattened field may have it
        }
        let instead = match self.renamed(name) {
            Some(new) => format!(
                "if it is `{new}` now, keep its stored name with `#[serde(rename = \"{name}\")]`, or read both with \
                 `#[serde(alias = \"{name}\")]`."
            ),
            None => "keep the field until nobody needs its values, or copy them before.".to_owned(),
        };
        Some(self.finding(
            Severity::LeavesData,
            format!("{} is not there any more", self.attribute(name)),
            "the stored values stay and nothing reads them; the next `put` of an item removes them.",
            instead,
        ))
    }

    /// The one new attribute of its type, which may be the same field under another name.
    fn renamed(&self, name: &str) -> Option<&str> {
        let kind = self.old.attributes.get(name);
        let mut new = self
            .new
            .attributes
            .iter()
            .filter(|(other, of)| !self.old.attributes.contains_key(*other) && Some(*of) == kind);
        new.next().map(|(other, _)| other.as_str()).filter(|_| new.next().is_none())
    }

    /// An attribute that each item has to have now, and had not.
    fn missing(&self, name: &str) -> Option<Finding> {
        let aliases = self.new.aliases.iter().filter(|(_, of)| *of == name).map(|(alias, _)| alias.as_str());
        let before: Vec<&str> = aliases.chain([name]).filter(|name| self.old.attributes.contains_key(*name)).collect();
        let was_required = before.iter().any(|name| !self.old.optional.contains(*name));
        if was_required || self.new.optional.contains(name) {
            return None;
        }
        let attribute = self.attribute(name);
        let change = if before.is_empty() {
            format!("{attribute} is new, and each item has to have it")
        } else {
            format!("{attribute} could be missing, and each item has to have it now")
        };
        Some(self.finding(
            Severity::BreaksData,
            change,
            format!("no item that is stored without it is read: it fails with `missing field {name}`, and a caller gets 500."),
            "make it an `Option`, or write `#[serde(default)]`, until each item has it.",
        ))
    }

    /// A name under which items that were not written since still have an attribute.
    fn forgotten(&self, alias: &str, name: &str) -> Option<Finding> {
        if self.read_as(alias).is_some() || !self.new.attributes.contains_key(name) {
            return None;
        }
        let is_optional = self.new.optional.contains(name);
        let (severity, effect) = if is_optional {
            (Severity::LeavesData, "items that were not written since are read as if they did not have it.".to_owned())
        } else {
            let effect = format!("no item that was not written since is read: it fails with `missing field {name}`.");
            (Severity::BreaksData, effect)
        };
        let change = format!("{} is not read under the name `{alias}` any more", self.attribute(name));
        let instead = format!("keep `#[serde(alias = \"{alias}\")]` until each item was written again.");
        Some(self.finding(severity, change, effect, instead))
    }

    fn attribute(&self, name: &str) -> String {
        match self.entity {
            None => format!("its attribute `{name}`"),
            Some(entity) => format!("the attribute `{name}` of `{entity}`"),
        }
    }

    fn finding(
        &self,
        severity: Severity,
        change: String,
        effect: impl Into<String>,
        instead: impl Into<String>,
    ) -> Finding {
        Finding::new(severity, self.tables[1], change, effect, instead)
    }
}

/// A list and a set are both read as either.
fn is_read_alike(before: StoredType, after: StoredType) -> bool {
    before.has_elements() && after.has_elements() && (before == StoredType::L || after == StoredType::L)
}
