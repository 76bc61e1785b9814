//! `#[index(ByStatus, partition = "status", sort = "placed_at")]`

use skyloom_manifest::rules;
use syn::Ident;

use super::{
    model::{Key, check_stored, find},
    options::{self, IndexOptions},
    parse::Field,
};
use crate::{errors::Errors, names, setting::Setting, settings::Settings};

/// A secondary index.
pub(super) struct Index {
    pub(super) name: Ident,
    pub(super) partition_key: Key,
    pub(super) sort_key: Option<Key>,
    /// Whether it shares the table's partitions.
    pub(super) local: bool,
    pub(super) options: IndexOptions,
}

/// The fields that are the table's own key.
pub(super) struct TableKeys<'a> {
    pub(super) partition: Option<&'a Field>,
    pub(super) sort: Option<&'a Field>,
}

/// A name that DynamoDB takes: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=255;

pub(super) fn read_all(
    all: Vec<(Ident, Vec<Setting>)>,
    table: &TableKeys<'_>,
    fields: &[Field],
    errors: &mut Errors,
) -> Vec<Index> {
    check_names(&all, errors);
    let indexes: Vec<(Ident, bool, Option<Index>)> = all
        .into_iter()
        .map(|(name, settings)| {
            let known = [&["partition", "sort", "local"], options::INDEX].concat();
            let settings = Settings::of(settings, "#[index(…)]", &known, errors);
            let local = settings.read("local", errors, Setting::flag).unwrap_or(false);
            let options = options::index(&settings, local, errors);
            let keys = if local {
                local_keys(&name, &settings, table, fields, errors)
            } else {
                global_keys(&name, &settings, fields, errors)
            };
            let index = keys.map(|(partition_key, sort_key)| Index {
                name: name.clone(),
                partition_key,
                sort_key,
                local,
                options,
            });
            (name, local, index)
        })
        .collect();
    for (local, most, kind) in [(false, rules::GLOBAL_INDEXES, "global"), (true, rules::LOCAL_INDEXES, "local")] {
        for (name, ..) in indexes.iter().filter(|(_, it, _)| *it == local).skip(most) {
            errors.push(name, format!("DynamoDB takes {most} {kind} indexes of a table"));
        }
    }
    indexes.into_iter().filter_map(|(.., index)| index).collect()
}

fn check_names(all: &[(Ident, Vec<Setting>)], errors: &mut Errors) {
    for (at, (name, _)) in all.iter().enumerate() {
        let text = names::text(name);
        names::check_ascii(name, errors);
        if all.iter().take(at).any(|(other, _)| other == name) {
            errors.push(name, format!("there is another index `{text}`: rename one of them"));
        }
        if !NAME_LENGTH.contains(&text.len()) {
            let (least, most) = (NAME_LENGTH.start(), NAME_LENGTH.end());
            errors.push(
                name,
                format!("the name of an index has {least} to {most} characters, and `{text}` has {}", text.len()),
            );
        }
    }
}

type Keys = (Key, Option<Key>);

fn global_keys(name: &Ident, settings: &Settings, fields: &[Field], errors: &mut Errors) -> Option<Keys> {
    let sort = key("sort", settings, fields, errors);
    if settings.find("partition").is_none() {
        let message = format!("an index has a partition key: write `#[index({name}, partition = \"field\")]`");
        errors.push(name, format!("{message}, or `local` for another sort key of the table's partitions"));
        return None;
    }
    let partition = key("partition", settings, fields, errors)?;
    check_distinct(partition, sort, settings, errors);
    Some((Key::of(partition), sort.map(Key::of)))
}

/// A local index has the table's partitions, in another order.
fn local_keys(
    name: &Ident,
    settings: &Settings,
    table: &TableKeys<'_>,
    fields: &[Field],
    errors: &mut Errors,
) -> Option<Keys> {
    let sort = key("sort", settings, fields, errors);
    if settings.find("sort").is_none() {
        errors.push(name, format!("a local index has a sort key: write `#[index({name}, local, sort = \"field\")]`"));
    }
    if table.sort.is_none() {
        errors.push(name, "only a table with a sort key has local indexes: add a `#[sort_key]`, or remove `local`");
    }
    let partition = table.partition?;
    if let Some(named) = key("partition", settings, fields, errors)
        && named.name != partition.name
        && let Some(setting) = settings.find("partition")
    {
        let key = &partition.name;
        errors.push(
            &setting.name,
            format!("a local index has the table's partition key `{key}`: remove this, or `local`"),
        );
    }
    check_distinct(partition, sort, settings, errors);
    Some((Key::of(partition), Some(Key::of(sort?))))
}

fn check_distinct(partition: &Field, sort: Option<&Field>, settings: &Settings, errors: &mut Errors) {
    if sort.is_some_and(|sort| sort.name == partition.name)
        && let Some(setting) = settings.find("sort")
    {
        errors.push(
            &setting.name,
            "the sort key is another field than the partition key: all items of a partition share that",
        );
    }
}

fn key<'a>(option: &str, settings: &Settings, fields: &'a [Field], errors: &mut Errors) -> Option<&'a Field> {
    let name = settings.read(option, errors, |it| it.text("field"))?;
    let field = find(name, fields, errors)?;
    check_stored(field, name, errors);
    Some(field)
}
