//! The key of a table itself: fields that are marked, or templates.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Ident, LitStr};

use super::{
    model::{Key, marked},
    parse::Field,
    side::{Place, Side},
};
use crate::{errors::Errors, settings::Settings};

/// Both sides of a table's key, as far as they are right.
pub(crate) struct TableKeys<'a> {
    pub(crate) partition: Option<&'a Side>,
    pub(crate) sort: Option<&'a Side>,
}

impl TableKeys<'_> {
    pub(crate) fn sides(&self) -> impl Iterator<Item = &Side> {
        self.partition.into_iter().chain(self.sort)
    }

    /// That no field is in both.
    pub(super) fn check(&self, settings: &Settings, errors: &mut Errors) {
        let (Some(partition), Some(sort)) = (self.partition, self.sort) else { return };
        let twice = sort.keys().into_iter().find(|key| partition.keys().iter().any(|other| other.field == key.field));
        if let (Some(key), Some(setting)) = (twice, settings.find("sort")) {
            let field = &key.field;
            errors.push(
                &setting.name,
                format!("`{field}` is in the partition key already: all items of a partition share it"),
            );
        }
    }
}

pub(super) fn partition(name: &Ident, settings: &Settings, fields: &[Field], errors: &mut Errors) -> Option<Side> {
    let key = marked(fields, "partition_key", |field| field.partition_key, errors);
    let made = template(settings, "partition", "pk", Place::TablePartition, fields, errors);
    match (key, settings.find("partition")) {
        (Some(key), Some(setting)) => {
            let field = &key.name;
            errors.push(
                &setting.name,
                format!("`{field}` is marked as the partition key: remove this, or `#[partition_key]`"),
            );
            None
        }
        (None, None) => {
            errors.push(name, "a table has a partition key: write `#[partition_key]` before the field that is it");
            None
        }
        (key, _) => key.map(|key| Side::Field(Key::of(key))).or(made),
    }
}

pub(super) fn sort(settings: &Settings, fields: &[Field], errors: &mut Errors) -> Option<Side> {
    let key = marked(fields, "sort_key", |field| field.sort_key, errors);
    if let Some(key) = key
        && let (Some(_), Some(span)) = (key.partition_key, key.sort_key)
    {
        errors.push_at(span, "this field is the partition key already: the sort key is another field");
    }
    let made = template(settings, "sort", "sk", Place::TableSort, fields, errors);
    if let (Some(key), Some(setting)) = (key, settings.find("sort")) {
        let field = &key.name;
        errors.push(&setting.name, format!("`{field}` is marked as the sort key: remove this, or `#[sort_key]`"));
    }
    key.map(|key| Side::Field(Key::of(key))).or(made)
}

fn template(
    settings: &Settings,
    option: &str,
    default: &str,
    place: Place,
    fields: &[Field],
    errors: &mut Errors,
) -> Option<Side> {
    let named = name(settings, option, default, errors);
    let text = settings.read(option, errors, |it| it.text("ORDER#{id}"));
    if settings.find(option).is_none()
        && let Some(setting) = settings.find(&format!("{option}_name"))
    {
        errors.push(
            &setting.name,
            format!("this names the attribute of a template: write `{option} = \"ORDER#{{id}}\"` too"),
        );
    }
    Side::of_template(text?, named, place, fields, errors)
}

/// The attribute that a template fills.
pub(super) fn name(settings: &Settings, option: &str, default: &str, errors: &mut Errors) -> TokenStream {
    let given = settings.read(&format!("{option}_name"), errors, |it| it.text(default));
    let place = settings.find(option).map(|setting| setting.name.span());
    let text =
        given.cloned().unwrap_or_else(|| LitStr::new(default, place.unwrap_or_else(proc_macro2::Span::call_site)));
    if text.value().is_empty() {
        errors.push(&text, "the name of an attribute is not empty");
    }
    quote_spanned! {text.span()=> #text }
}
