//! The attributes of a table and of its fields.

use proc_macro2::Span;
use syn::{Attribute, DeriveInput, Ident, Type, Visibility};

use crate::{
    errors::Errors,
    item,
    serde_names::{Case, Stored},
    setting::Setting,
};

/// A struct with its attributes read; whether they go together is decided in `model`.
pub(super) struct Parsed {
    pub(super) name: Ident,
    pub(super) visibility: Visibility,
    pub(super) fields: Vec<Field>,
    pub(super) settings: Vec<Setting>,
    pub(super) indexes: Vec<(Ident, Vec<Setting>)>,
    /// `#[serde(…)]` of the struct, which its projections have too.
    pub(super) serde: Vec<Attribute>,
    /// What was wrong so far, so that all errors come together.
    pub(super) errors: Errors,
}

#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) ty: Type,
    pub(crate) stored: Stored,
    /// `#[serde(…)]`
    pub(crate) serde: Vec<Attribute>,
    /// Where `#[partition_key]` and `#[sort_key]` stand.
    pub(crate) partition_key: Option<Span>,
    pub(crate) sort_key: Option<Span>,
    /// Where `#[version]` stands.
    pub(crate) version: Option<Span>,
}

/// `#[serde(…)]`
pub(crate) fn serde_attributes(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).cloned().collect()
}

pub(super) fn read(input: DeriveInput) -> syn::Result<Parsed> {
    let mut errors = Errors::default();
    let fields = item::named_fields(&input, "Table", &mut errors);
    if fields.is_empty() {
        errors.finish()?;
        let message = "a table has a partition key: add a field with `#[partition_key]`";
        return Err(syn::Error::new_spanned(&input.ident, message));
    }
    let case = Case::of(&input.attrs, &mut errors);
    let fields = fields.into_iter().filter_map(|it| field(it, case, &mut errors)).collect();
    let settings = item::settings(&input.attrs, "table", &mut errors);
    let indexes = indexes(&input.attrs, &mut errors);
    let serde = serde_attributes(&input.attrs);
    Ok(Parsed { name: input.ident, visibility: input.vis, fields, settings, indexes, serde, errors })
}

/// `#[index(Name, …)]`
pub(crate) fn indexes(attributes: &[Attribute], errors: &mut Errors) -> Vec<(Ident, Vec<Setting>)> {
    let indexes = attributes.iter().filter(|attribute| attribute.path().is_ident("index"));
    indexes.filter_map(|attribute| errors.keep(attribute.parse_args_with(item::named_settings))).collect()
}

pub(crate) fn field(field: syn::Field, case: Case, errors: &mut Errors) -> Option<Field> {
    let name = field.ident?;
    let mut marked = |marker| {
        let found = item::markers(&field.attrs, marker, errors);
        if let [_, second, ..] = found[..] {
            errors.push(second, format!("`#[{marker}]` is there twice: remove one of them"));
        }
        found.first().map(|attribute| attribute.path().segments.first().map_or(name.span(), |it| it.ident.span()))
    };
    let (partition_key, sort_key, version) = (marked("partition_key"), marked("sort_key"), marked("version"));
    let stored = Stored::new(&name, &field.attrs, case, errors);
    let serde = serde_attributes(&field.attrs);
    Some(Field { name, visibility: field.vis, ty: field.ty, stored, serde, partition_key, sort_key, version })
}
