//! A table that exists is valid.

use proc_macro2::Span;
use syn::{Ident, LitStr, Type, Visibility};

use super::{
    index::{self, Index},
    key::{self, TableKeys},
    options::{self, TableOptions},
    parse::{Field, Parsed},
    side::Side,
    version::{self, Version},
};
use crate::{
    errors::Errors,
    names,
    serde_names::{self, Stored},
    settings::{Settings, suggest},
    types,
};

/// All that the expansion needs.
pub(super) struct Table {
    pub(super) name: Ident,
    pub(super) visibility: Visibility,
    pub(super) fields: Fields,
    pub(super) partition: Side,
    pub(super) sort: Option<Side>,
    pub(super) indexes: Vec<Index>,
    /// The variant of `StreamView`.
    pub(super) stream: Option<&'static str>,
    /// The attribute and the field's type.
    pub(super) ttl: Option<(String, Type)>,
    pub(super) version: Option<Version>,
    pub(super) options: TableOptions,
}

/// The fields of a struct that is an item.
pub(crate) struct Fields {
    /// Those that are attributes of their own.
    pub(crate) attributes: Vec<Attribute>,
    /// Those that are parts of a template of the table's key.
    pub(crate) key_parts: Vec<Attribute>,
    /// The attributes of those that are stored in the table's key alone.
    pub(crate) unstored: Vec<String>,
    /// Whether a flattened field brings attributes of which nothing is known.
    pub(crate) open: bool,
    /// Whether items are stored as these fields at all, and not as what serde converts the struct to.
    pub(crate) are_stored: bool,
}

/// A field as an attribute of an item.
pub(crate) struct Attribute {
    pub(crate) field: Ident,
    pub(crate) ty: Type,
    pub(crate) stored: Stored,
}

/// An attribute that is part of a key.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) field: Ident,
    pub(crate) attribute: String,
    pub(crate) ty: Box<Type>,
}

pub(super) const VIEWS: [(&str, &str); 4] = [
    ("new-and-old-images", "NewAndOldImages"),
    ("new-image", "NewImage"),
    ("old-image", "OldImage"),
    ("keys-only", "KeysOnly"),
];

/// The options of `#[table(…)]`.
const OPTIONS: [&str; 6] = ["stream", "ttl", "partition", "sort", "partition_name", "sort_name"];

pub(super) fn new(parsed: Parsed) -> syn::Result<Table> {
    let Parsed { name, visibility, fields, settings, indexes, serde, mut errors } = parsed;
    let known = [&OPTIONS[..], options::TABLE].concat();
    let settings = Settings::of(settings, "#[table(…)]", &known, &mut errors);
    let stream = settings.read("stream", &mut errors, |it| it.choice(&VIEWS));
    let partition = key::partition(&name, &settings, &fields, &mut errors);
    let sort = key::sort(&settings, &fields, &mut errors);
    let keys = TableKeys { partition: partition.as_ref(), sort: sort.as_ref() };
    keys.check(&settings, &mut errors);
    let indexes = index::read_all(indexes, &keys, &Struct { fields: &fields, serde: &serde }, &mut errors);
    let described = Fields::new(&fields, &serde, &keys, &indexes);
    check_names(&described, &keys, &indexes, &mut errors);
    let ttl = settings
        .read("ttl", &mut errors, |it| it.text("expires_at"))
        .and_then(|it| ttl(it, &fields, &described, &mut errors));
    let templates = partition.iter().chain(&sort).chain(indexes.iter().flat_map(Index::own_sides));
    let version = version::read(&fields, templates, &mut errors);
    let options = options::table(&settings, stream, &mut errors);
    options.check_indexes(indexes.iter().map(|index| &index.options), &mut errors);
    errors.finish()?;
    let missing = || syn::Error::new_spanned(&name, "a table has a partition key");
    Ok(Table {
        partition: partition.ok_or_else(missing)?,
        sort,
        fields: described,
        name,
        visibility,
        indexes,
        stream,
        ttl,
        version,
        options,
    })
}

/// A struct whose projections have some of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Struct<'a> {
    pub(crate) fields: &'a [Field],
    pub(crate) serde: &'a [syn::Attribute],
}

impl Fields {
    /// A field of the table's own template is an attribute only where an index is keyed by it.
    fn new(fields: &[Field], serde: &[syn::Attribute], keys: &TableKeys<'_>, indexes: &[Index]) -> Self {
        let keyed: Vec<&Key> = indexes.iter().flat_map(Index::stored).collect();
        Self::of(fields, serde, keys.sides(), &keyed)
    }

    /// The fields of a table with this key, of which these have to be attributes too.
    pub(crate) fn of<'a>(
        fields: &[Field],
        serde: &[syn::Attribute],
        sides: impl Iterator<Item = &'a Side>,
        keyed: &[&Key],
    ) -> Self {
        let made: Vec<&Key> = sides.filter(|side| side.is_template()).flat_map(Side::keys).collect();
        let is_part = |field: &Field| made.iter().any(|key| key.field == field.name);
        let is_keyed = |key: &Key| keyed.iter().any(|other| other.field == key.field);
        let (parts, others): (Vec<&Field>, Vec<&Field>) =
            fields.iter().filter(|field| field.stored.kept).partition(|field| is_part(field));
        let defaulted = serde_names::find(serde, "default").is_some();
        let attribute = |field| Attribute::of(field, defaulted);
        Self {
            attributes: others.into_iter().map(attribute).collect(),
            key_parts: parts.into_iter().map(attribute).collect(),
            unstored: made.iter().filter(|key| !is_keyed(key)).map(|key| key.attribute.clone()).collect(),
            open: fields.iter().any(|field| field.stored.flattened),
            are_stored: serde_names::other_form(serde).is_none(),
        }
    }
}

/// An attribute that a template fills is no field's.
fn check_names(fields: &Fields, keys: &TableKeys<'_>, indexes: &[Index], errors: &mut Errors) {
    let made = keys.sides().chain(indexes.iter().flat_map(Index::own_sides)).filter_map(|side| match side {
        Side::Template { attribute, .. } => Some(attribute),
        Side::Field(_) | Side::Fields(_) => None,
    });
    let mut seen = Vec::new();
    for attribute in made {
        let text = syn::parse2::<LitStr>(attribute.clone()).map(|text| text.value()).unwrap_or_default();
        let is_field = fields.attributes.iter().chain(&fields.key_parts).any(|field| field.stored.name == text);
        if is_field {
            errors.push(attribute, format!("the key would be stored as `{text}`, and a field is: name it otherwise, `partition_name = \"…\"` or `sort_name = \"…\"`"));
        }
        if seen.contains(&text) {
            errors.push(attribute, format!("another key is stored as `{text}` already: name one otherwise"));
        }
        seen.push(text);
    }
}

/// The one field that is marked so.
pub(super) fn marked<'a>(
    fields: &'a [Field],
    marker: &str,
    place: impl Fn(&Field) -> Option<Span>,
    errors: &mut Errors,
) -> Option<&'a Field> {
    let mut marked = fields.iter().filter_map(|field| Some((field, place(field)?)));
    let (key, _) = marked.next()?;
    for (other, span) in marked {
        let message = format!("a table has one `#[{marker}]`, and `{}` is it already: remove this one", key.name);
        errors.push_at(span, format!("{message}, or make an index with `{}`", other.name));
    }
    if types::option_of(&key.ty).is_some() {
        errors.push(&key.ty, "each item of a table has its key: remove the `Option`");
    }
    check_stored(key, &key.name, errors);
    Some(key)
}

/// A key is stored as its type says, always.
pub(crate) fn check_stored(field: &Field, place: impl quote::ToTokens, errors: &mut Errors) {
    if let Some(option) = field.stored.altered {
        errors.push(
            place,
            format!("DynamoDB has to find this key in each item: remove `#[serde({option})]` from `{}`", field.name),
        );
    }
}

fn ttl(name: &LitStr, fields: &[Field], described: &Fields, errors: &mut Errors) -> Option<(String, Type)> {
    let field = find(name, fields, errors)?;
    if described.unstored.contains(&field.stored.name) {
        errors.push(name, "DynamoDB reads this field as an attribute, and it is stored in the key alone: name another");
    }
    if let Some(option) = field.stored.altered {
        errors.push(name, format!("DynamoDB reads this field as a number: remove `#[serde({option})]` from it"));
    }
    Some((field.stored.name.clone(), field.ty.clone()))
}

/// The field that a string of the user's names.
pub(crate) fn find<'a>(name: &LitStr, fields: &'a [Field], errors: &mut Errors) -> Option<&'a Field> {
    find_by_name(&name.value(), name, fields, errors)
}

/// The field of that name, which is in a string of the user's.
pub(crate) fn find_by_name<'a>(
    name: &str,
    place: &LitStr,
    fields: &'a [Field],
    errors: &mut Errors,
) -> Option<&'a Field> {
    let field = fields.iter().find(|field| names::text(&field.name) == name);
    if field.is_none() {
        let names: Vec<String> = fields.iter().map(|field| names::text(&field.name)).collect();
        errors.push(place, suggest(&format!("there is no field `{name}`"), name, names.iter().map(String::as_str)));
    }
    field
}

impl Key {
    /// An index has only the items that have its keys, so that there the field may be an `Option`.
    pub(crate) fn of(field: &Field) -> Self {
        let ty = types::option_of(&field.ty).unwrap_or(&field.ty).clone();
        Self { field: field.name.clone(), attribute: field.stored.name.clone(), ty: Box::new(ty) }
    }
}

impl Attribute {
    /// `defaulted` says that a default of the struct stands in for each field that is missing.
    pub(crate) fn of(field: &Field, defaulted: bool) -> Self {
        let stored = Stored { defaulted: field.stored.defaulted || defaulted, ..field.stored.clone() };
        Self { field: field.name.clone(), ty: field.ty.clone(), stored }
    }
}
