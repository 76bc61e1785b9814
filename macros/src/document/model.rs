//! Which types are documents: those that serde writes as a map of their fields.

use syn::{Data, DataStruct, DeriveInput, Fields, Generics, Ident, Type, Visibility};

use crate::{
    errors::Errors,
    serde_names::{self, Case, Stored},
};

pub(super) struct Document {
    pub(super) name: Ident,
    pub(super) visibility: Visibility,
    pub(super) generics: Generics,
    pub(super) fields: Vec<Field>,
}

/// A field as an attribute of the document.
pub(super) struct Field {
    pub(super) field: Ident,
    pub(super) ty: Type,
    pub(super) name: String,
}

pub(super) fn new(input: DeriveInput) -> syn::Result<Document> {
    let mut errors = Errors::default();
    if let Some(option) = serde_names::other_form(&input.attrs) {
        errors.push(&option, format!("with `{option}` serde does not write the fields of this struct: remove it"));
    }
    let case = Case::of(&input.attrs, &mut errors);
    let fields = match input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => {
            fields.named.into_iter().filter_map(|it| field(it, case, &mut errors)).collect()
        }
        _ => {
            let example = format!("`struct {} {{ … }}`", input.ident);
            errors.push(&input.ident, format!("`Document` is derived for structs with named fields: {example}"));
            Vec::new()
        }
    };
    errors.finish()?;
    Ok(Document { name: input.ident, visibility: input.vis, generics: input.generics, fields })
}

fn field(field: syn::Field, case: Case, errors: &mut Errors) -> Option<Field> {
    let name = field.ident?;
    let stored = Stored::new(&name, &field.attrs, case, errors);
    stored.kept.then_some(Field { field: name, ty: field.ty, name: stored.name })
}
