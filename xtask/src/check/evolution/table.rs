//! A table that was and one that shall be.

use skyloom_manifest::{Entity, KeyAttribute, Manifest, StreamView, Table};

use super::{Finding, Severity, index, item};

const EMPTY: &str =
    "CloudFormation makes a new, empty table; the old one is kept with all its items, which nothing reads any more.";
const BESIDE: &str =
    "declare the new table under a name of its own, copy the items, and remove the old one when nothing uses it.";

pub(super) fn compare(old: &Table, new: &Table, findings: &mut Vec<Finding>) {
    let mut found = |severity, change, effect, instead| {
        findings.push(Finding::new(severity, new, change, effect, instead));
    };
    let keys = [
        ("partition key", Some(&old.partition_key), Some(&new.partition_key)),
        ("sort key", old.sort_key.as_ref(), new.sort_key.as_ref()),
    ];
    for (what, before, after) in keys.into_iter().filter(|(_, before, after)| before != after) {
        let change = format!("its {what} was {} and is {}", key(before), key(after));
        found(Severity::ReplacesTable, change, EMPTY, BESIDE);
    }
    if old.options.replicas.is_empty() != new.options.replicas.is_empty() {
        found(
            Severity::ReplacesTable,
            "it changes between a table of one region and a global table".into(),
            "CloudFormation cannot change the one resource into the other, and refuses or makes an empty table.",
            "declare the new table under a name of its own and copy the items, or import the table into the stack as what it shall be.",
        );
    }
    if old.stream.is_some() && old.stream != new.stream {
        found(
            Severity::ReplacesStream,
            format!("its stream was {} and is {}", view(old.stream), view(new.stream)),
            "the stream ends and another one begins: changes that no handler has read by then are not read any more.",
            "let the handlers catch up while nothing writes, then deploy.",
        );
    }
    if let (Some(before), Some(after)) = (&old.ttl, &new.ttl)
        && before != after
    {
        found(
            Severity::SeveralDeploys,
            format!("its TTL attribute was `{before}` and is `{after}`"),
            "items that have only the old attribute are never removed, and DynamoDB refuses to change it in one step.",
            "deploy without `ttl`, write the new attribute to the items, and deploy with the new `ttl` after an hour.",
        );
    }
    if let (Some(before), Some(after)) = (&old.discriminator, &new.discriminator)
        && before != after
    {
        found(
            Severity::BreaksData,
            format!("the attribute that says which entity an item is was `{before}` and is `{after}`"),
            "no stored item says what it is where it is looked for: reading one is an error, and queries leave all out.",
            "keep the attribute, `discriminator = \"…\"`; or write the new one to each item before this is deployed.",
        );
    }
    findings.extend(old.entities.iter().filter_map(|entity| changed_entity(entity, old, new)));
    index::compare(old, new, findings);
    item::compare(old, new, findings);
}

/// An entity that does not find, or does not know, what is stored: its keys are made in another way, or it is called otherwise.
fn changed_entity(before: &Entity, old: &Table, new: &Table) -> Option<Finding> {
    const UNREAD: &str = "the stored items stay, and nothing of the application finds or reads them.";
    let name = &before.name;
    let is_called = |entity: &&Entity| entity.name == *name;
    let is_renamed =
        |entity: &&Entity| made_of(entity) == made_of(before) && !old.entities.iter().any(|it| it.name == entity.name);
    let (change, effect, instead) = match new.entities.iter().find(is_called) {
        Some(after) if made_of(before) == made_of(after) => return None,
        Some(after) => (
            format!("the key of `{name}` was made of {} and is made of {}", made_of(before), made_of(after)),
            UNREAD.to_owned(),
            "declare an entity of another name with the new key, copy the items, and remove the old one.".to_owned(),
        ),
        None => match new.entities.iter().find(is_renamed) {
            Some(after) => (
                format!("`{name}` is called `{}` now, which its items say of themselves", after.name),
                format!("the stored items say `{name}`: reading one is an error, and queries leave them out."),
                format!(
                    "keep what they say with `name = \"{name}\"` in `#[entity(…)]`; or write the new name to each item before."
                ),
            ),
            None => (
                format!("it has no `{name}` any more"),
                UNREAD.to_owned(),
                "keep its name with `name = \"…\"` if the struct is only called otherwise; or delete the items first."
                    .to_owned(),
            ),
        },
    };
    Some(Finding::new(Severity::BreaksData, new, change, effect, instead))
}

fn made_of(entity: &Entity) -> String {
    format!("`{}`, `{}`", entity.partition, entity.sort.as_deref().unwrap_or_default())
}

/// A table that is not declared any more, or under another name.
pub(super) fn removed(old: &Table, before: &Manifest, after: &Manifest) -> Finding {
    let is_new = |table: &&Table| before.table(&table.name).is_none() && table.partition_key == old.partition_key;
    let change = match after.tables.iter().find(is_new) {
        Some(new) => format!("it is not declared any more; `{}` would be another table", new.name),
        None => "it is not declared any more".to_owned(),
    };
    Finding::new(
        Severity::ReplacesTable,
        old,
        change,
        "the table leaves the stack and is kept with all its items, which nothing reads any more.",
        "keep the struct's name, which is the table's; or copy the items first.",
    )
}

pub(super) fn key(key: Option<&KeyAttribute>) -> String {
    key.map_or_else(|| "none".into(), |key| format!("`{}` ({})", key.attribute, key.kind.as_str()))
}

fn view(view: Option<StreamView>) -> &'static str {
    view.map_or("none", StreamView::as_str)
}
