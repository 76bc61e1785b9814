//! `#[version]`

use syn::Type;

use super::parse::Field;
use crate::{errors::Errors, types};

/// The field that counts an item's writes.
pub(super) struct Version {
    pub(super) attribute: String,
    pub(super) ty: Type,
}

/// The one field that is marked so.
pub(super) fn read(fields: &[Field], errors: &mut Errors) -> Option<Version> {
    let mut marked = fields.iter().filter_map(|field| Some((field, field.version?)));
    let (field, span) = marked.next()?;
    for (_, span) in marked {
        errors.push_at(
            span,
            format!("a table has one `#[version]`, and `{}` is it already: remove this one", field.name),
        );
    }
    if field.partition_key.is_some() || field.sort_key.is_some() {
        errors.push_at(span, "a key never changes, and a version does with each write: mark another field");
    }
    if types::option_of(&field.ty).is_some() {
        errors.push(&field.ty, "a new item has the version 0: remove the `Option`");
    }
    if let Some(option) = field.stored.altered {
        errors.push_at(span, format!("a version is stored as a number: remove `#[serde({option})]` from this field"));
    }
    Some(Version { attribute: field.stored.name.clone(), ty: field.ty.clone() })
}
