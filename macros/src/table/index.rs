//! `#[index(ByStatus, partition = "status", sort = "placed_at")]`

use skyloom_manifest::rules;
use syn::Ident;

use super::{
    key::{self, TableKeys},
    model::{Key, Struct},
    options::{self, IndexOptions},
    projected::{self, Projected},
    projection::{self, Projection},
    side::Side,
};
use crate::{errors::Errors, names, setting::Setting, settings::Settings};

/// A secondary index.
pub(super) struct Index {
    pub(super) name: Ident,
    pub(super) partition: Side,
    pub(super) sort: Option<Side>,
    /// Whether it shares the table's partitions.
    pub(super) local: bool,
    pub(super) projection: Projection,
    /// The struct that is read through it, if it is not the table's.
    pub(super) projected: Option<Projected>,
    pub(super) options: IndexOptions,
}

impl Index {
    pub(super) fn sides(&self) -> impl Iterator<Item = &Side> {
        std::iter::once(&self.partition).chain(&self.sort)
    }

    /// Those that are not the table's: a local index has the table's partition key.
    pub(super) fn own_sides(&self) -> impl Iterator<Item = &Side> {
        self.sides().skip(usize::from(self.local))
    }

    /// The fields that have to be attributes because of it.
    pub(super) fn stored(&self) -> impl Iterator<Item = &Key> {
        self.sides().flat_map(Side::stored)
    }
}

/// A name that DynamoDB takes: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=255;

/// The options of `#[index(…)]`.
const OPTIONS: [&str; 6] = ["partition", "sort", "local", "projection", "partition_name", "sort_name"];

pub(super) fn read_all(
    all: Vec<(Ident, Vec<Setting>)>,
    table: &TableKeys<'_>,
    of: &Struct<'_>,
    errors: &mut Errors,
) -> Vec<Index> {
    check_names(&all, errors);
    let indexes: Vec<(Ident, bool, Option<Index>)> = all
        .into_iter()
        .map(|(name, settings)| {
            let known = [&OPTIONS[..], options::INDEX].concat();
            let settings = Settings::of(settings, "#[index(…)]", &known, errors);
            let local = settings.read("local", errors, Setting::flag).unwrap_or(false);
            let options = options::index(&settings, local, errors);
            let keys = if local {
                local_keys(&name, &settings, table, of, errors)
            } else {
                global_keys(&name, &settings, of, errors)
            };
            let own = keys.iter().flat_map(|(partition, sort)| std::iter::once(partition).chain(sort));
            let in_keys: Vec<&Key> = table.sides().chain(own).flat_map(Side::keys).collect();
            let projection = projection::read(&settings, of.fields, &in_keys, errors);
            let index = keys.map(|(partition, sort)| {
                let keys = [Some(&partition), sort.as_ref()];
                let projected = projected::new(&name, &projection, of, table.sides().chain(keys.into_iter().flatten()));
                Index { name: name.clone(), partition, sort, local, projection, projected, options }
            });
            (name, local, index)
        })
        .collect();
    for (local, most, kind) in [(false, rules::GLOBAL_INDEXES, "global"), (true, rules::LOCAL_INDEXES, "local")] {
        for (name, ..) in indexes.iter().filter(|(_, it, _)| *it == local).skip(most) {
            errors.push(name, format!("DynamoDB takes {most} {kind} indexes of a table"));
        }
    }
    let indexes: Vec<Index> = indexes.into_iter().filter_map(|(.., index)| index).collect();
    projection::check_all(indexes.iter().map(|index| &index.projection), errors);
    indexes
}

pub(super) fn check_names(all: &[(Ident, Vec<Setting>)], errors: &mut Errors) {
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

type Keys = (Side, Option<Side>);

fn global_keys(name: &Ident, settings: &Settings, of: &Struct<'_>, errors: &mut Errors) -> Option<Keys> {
    let sort = side("sort", name, settings, false, of, errors);
    if settings.lacks("partition") {
        let message = format!("an index has a partition key: write `#[index({name}, partition = \"field\")]`");
        errors.push(name, format!("{message}, or `local` for another sort key of the table's partitions"));
        return None;
    }
    let partition = side("partition", name, settings, false, of, errors)?;
    check_distinct(&partition, sort.as_ref(), settings, errors);
    Some((partition, sort))
}

/// A local index has the table's partitions, in another order.
fn local_keys(
    name: &Ident,
    settings: &Settings,
    table: &TableKeys<'_>,
    of: &Struct<'_>,
    errors: &mut Errors,
) -> Option<Keys> {
    let sort = side("sort", name, settings, true, of, errors);
    if settings.lacks("sort") {
        errors.push(name, format!("a local index has a sort key: write `#[index({name}, local, sort = \"field\")]`"));
    }
    if table.sort.is_none() {
        errors.push(name, "only a table with a sort key has local indexes: add a `#[sort_key]`, or remove `local`");
    }
    let partition = table.partition?;
    if let Some(named) = side("partition", name, settings, true, of, errors)
        && !is_same(&named, partition)
        && let Some(setting) = settings.find("partition")
    {
        let key = partition.keys().first().map_or_else(String::new, |key| format!(" `{}`", key.field));
        errors
            .push(&setting.name, format!("a local index has the table's partition key{key}: remove this, or `local`"));
    }
    check_distinct(partition, sort.as_ref(), settings, errors);
    Some((partition.clone(), Some(sort?)))
}

fn is_same(one: &Side, other: &Side) -> bool {
    matches!((one, other), (Side::Field(one), Side::Field(other)) if one.field == other.field)
}

fn check_distinct(partition: &Side, sort: Option<&Side>, settings: &Settings, errors: &mut Errors) {
    let is_in_partition = |key: &&Key| partition.keys().iter().any(|other| other.field == key.field);
    if sort.is_some_and(|sort| sort.keys().iter().any(is_in_partition))
        && let Some(setting) = settings.find("sort")
    {
        errors.push(
            &setting.name,
            "the sort key is another field than the partition key: all items of a partition share that",
        );
    }
}

fn side(
    option: &str,
    index: &Ident,
    settings: &Settings,
    local: bool,
    of: &Struct<'_>,
    errors: &mut Errors,
) -> Option<Side> {
    let suffix = if option == "sort" { "sk" } else { "pk" };
    let attribute = key::name(settings, option, &format!("{}_{suffix}", names::text(index)), errors);
    Side::of_setting(settings.find(option)?, attribute, local, of.fields, errors)
}
