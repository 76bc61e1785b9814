//! Which types can be a key: those that serde writes as one string, number or blob.

use syn::{Data, DataEnum, DataStruct, DeriveInput, Fields, Ident, Type};

use crate::{errors::Errors, serde_names};

pub(super) struct Key {
    pub(super) name: Ident,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// A unit enum: the name of its variant.
    Enum,
    /// A newtype: what it holds.
    Newtype(Box<Type>),
}

const KINDS: &str = "a key is a unit enum, `enum Status { Open, Paid }`, or a newtype, `struct OrderId(String);`";

pub(super) fn new(input: DeriveInput) -> syn::Result<Key> {
    let mut errors = Errors::default();
    if !input.generics.params.is_empty() {
        errors.push(&input.generics.params, "a key is stored as one type: it has no parameters");
    }
    for option in ["tag", "untagged"] {
        if let Some(place) = serde_names::find(&input.attrs, option) {
            errors.push(place, format!("`{option}` makes serde write more or less than the variant's name: remove it"));
        }
    }
    let shape = match &input.data {
        Data::Enum(data) => Some(unit_enum(&input.ident, data, &mut errors)),
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| Shape::Newtype(Box::new(field.ty.clone())))
        }
        Data::Struct(_) | Data::Union(_) => None,
    };
    if shape.is_none() {
        errors.push(&input.ident, KINDS);
    }
    errors.finish()?;
    let shape = shape.ok_or_else(|| syn::Error::new_spanned(&input.ident, KINDS))?;
    Ok(Key { name: input.ident, shape })
}

fn unit_enum(name: &Ident, data: &DataEnum, errors: &mut Errors) -> Shape {
    if data.variants.is_empty() {
        errors.push(name, "this enum has no value that could be a key: add a variant");
    }
    for variant in data.variants.iter().filter(|variant| !matches!(variant.fields, Fields::Unit)) {
        errors.push(&variant.fields, "a key is one value: the variants of an enum that is a key hold nothing");
    }
    Shape::Enum
}
