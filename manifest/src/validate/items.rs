//! The rules of what a manifest says of the attributes of items.

use crate::{ItemShape, Table};

/// Reports attributes that the keys of a shared table would take the place of, and names of none.
pub(super) fn check(table: &Table, report: &mut impl FnMut(String)) {
    if let Some(shape) = &table.item {
        check_names("its items", shape, report);
    }
    for (name, shape) in table.entities.iter().filter_map(|entity| Some((&entity.name, entity.item.as_ref()?))) {
        let what = format!("the items of `{name}`");
        check_names(&what, shape, report);
        for name in reserved(table).filter(|name| shape.attributes.contains_key(*name)) {
            report(format!(
                "{what} have an attribute `{name}`, which the table stores for itself: give the field another name, \
                 `#[serde(rename = \"…\")]`"
            ));
        }
    }
}

/// What an item of a shared table has besides its own attributes.
fn reserved(table: &Table) -> impl Iterator<Item = &str> {
    let keys = [Some(&table.partition_key), table.sort_key.as_ref()];
    keys.into_iter().flatten().map(|key| key.attribute.as_str()).chain(table.discriminator.as_deref())
}

fn check_names(what: &str, shape: &ItemShape, report: &mut impl FnMut(String)) {
    let named = shape.optional.iter().chain(shape.aliases.values());
    for name in named.filter(|name| !shape.attributes.contains_key(*name)) {
        report(format!("{what} have no attribute `{name}`, which is said to be optional or to have another name"));
    }
    for alias in shape.aliases.keys().filter(|alias| shape.attributes.contains_key(*alias)) {
        report(format!("{what} have an attribute `{alias}`, so that another one cannot be read under this name too"));
    }
}
