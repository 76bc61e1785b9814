//! A table that exists is valid.

use proc_macro2::Span;
use syn::{Ident, LitStr, Type, Visibility};

use super::{
    index::{self, Index},
    options::{self, TableOptions},
    parse::{Field, Parsed},
};
use crate::{
    errors::Errors,
    names,
    settings::{Settings, suggest},
    types,
};

/// All that the expansion needs.
pub(super) struct Table {
    pub(super) name: Ident,
    pub(super) visibility: Visibility,
    /// Those that are attributes of their own.
    pub(super) attributes: Vec<Attribute>,
    pub(super) partition_key: Key,
    pub(super) sort_key: Option<Key>,
    pub(super) indexes: Vec<Index>,
    /// The variant of `StreamView`.
    pub(super) stream: Option<&'static str>,
    /// The attribute and the field's type.
    pub(super) ttl: Option<(String, Type)>,
    pub(super) options: TableOptions,
}

/// A field as an attribute of an item.
pub(super) struct Attribute {
    pub(super) field: Ident,
    pub(super) ty: Type,
    pub(super) name: String,
}

/// An attribute that is part of a key.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) attribute: String,
    pub(super) ty: Type,
}

const VIEWS: [(&str, &str); 4] = [
    ("new-and-old-images", "NewAndOldImages"),
    ("new-image", "NewImage"),
    ("old-image", "OldImage"),
    ("keys-only", "KeysOnly"),
];

pub(super) fn new(parsed: Parsed) -> syn::Result<Table> {
    let Parsed { name, visibility, fields, settings, indexes, mut errors } = parsed;
    let known = [&["stream", "ttl"], options::TABLE].concat();
    let settings = Settings::of(settings, "#[table(…)]", &known, &mut errors);
    let stream = settings.read("stream", &mut errors, |it| it.choice(&VIEWS));
    let ttl =
        settings.read("ttl", &mut errors, |it| it.text("expires_at")).and_then(|it| ttl(it, &fields, &mut errors));
    let partition_key = partition_key(&name, &fields, &mut errors);
    let sort_key = sort_key(&fields, &mut errors);
    let keys = index::TableKeys { partition: partition_key, sort: sort_key };
    let indexes = index::read_all(indexes, &keys, &fields, &mut errors);
    let options = options::table(&settings, stream, &mut errors);
    options.check_indexes(indexes.iter().map(|index| &index.options), &mut errors);
    errors.finish()?;
    let missing = || syn::Error::new_spanned(&name, "a table has a partition key");
    Ok(Table {
        partition_key: partition_key.map(Key::of).ok_or_else(missing)?,
        sort_key: sort_key.map(Key::of),
        attributes: fields.iter().filter(|field| field.stored.kept).map(Attribute::of).collect(),
        name,
        visibility,
        indexes,
        stream,
        ttl,
        options,
    })
}

fn partition_key<'a>(name: &Ident, fields: &'a [Field], errors: &mut Errors) -> Option<&'a Field> {
    let key = marked(fields, "partition_key", |field| field.partition_key, errors);
    if key.is_none() {
        errors.push(name, "a table has a partition key: write `#[partition_key]` before the field that is it");
    }
    key
}

fn sort_key<'a>(fields: &'a [Field], errors: &mut Errors) -> Option<&'a Field> {
    let key = marked(fields, "sort_key", |field| field.sort_key, errors)?;
    if let (Some(_), Some(span)) = (key.partition_key, key.sort_key) {
        errors.push_at(span, "this field is the partition key already: the sort key is another field");
    }
    Some(key)
}

/// The one field that is marked so.
fn marked<'a>(
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
pub(super) fn check_stored(field: &Field, place: impl quote::ToTokens, errors: &mut Errors) {
    if let Some(option) = field.stored.altered {
        errors.push(
            place,
            format!("DynamoDB has to find this key in each item: remove `#[serde({option})]` from `{}`", field.name),
        );
    }
}

fn ttl(name: &LitStr, fields: &[Field], errors: &mut Errors) -> Option<(String, Type)> {
    let field = find(name, fields, errors)?;
    if let Some(option) = field.stored.altered {
        errors.push(name, format!("DynamoDB reads this field as a number: remove `#[serde({option})]` from it"));
    }
    Some((field.stored.name.clone(), field.ty.clone()))
}

/// The field that a string of the user's names.
pub(super) fn find<'a>(name: &LitStr, fields: &'a [Field], errors: &mut Errors) -> Option<&'a Field> {
    let text = name.value();
    let field = fields.iter().find(|field| names::text(&field.name) == text);
    if field.is_none() {
        let names: Vec<String> = fields.iter().map(|field| names::text(&field.name)).collect();
        errors.push(name, suggest(&format!("there is no field `{text}`"), &text, names.iter().map(String::as_str)));
    }
    field
}

impl Key {
    /// An index has only the items that have its keys, so that there the field may be an `Option`.
    pub(super) fn of(field: &Field) -> Self {
        let ty = types::option_of(&field.ty).unwrap_or(&field.ty).clone();
        Self { attribute: field.stored.name.clone(), ty }
    }
}

impl Attribute {
    fn of(field: &Field) -> Self {
        Self { field: field.name.clone(), ty: field.ty.clone(), name: field.stored.name.clone() }
    }
}
