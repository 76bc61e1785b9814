//! The struct that is read through an index that has only some attributes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Visibility};

use super::{model::Struct, parse::Field, projection::Projection, side::Side};
use crate::names;

/// `ByStatusItem`: the fields that the index has.
pub(super) struct Projected {
    pub(super) name: Ident,
    fields: Vec<Field>,
    serde: Vec<syn::Attribute>,
    /// The fields that a filter can be on: DynamoDB takes none of the index's own key.
    filtered: Vec<Ident>,
}

pub(super) fn new<'a>(
    index: &Ident,
    projection: &Projection,
    of: &Struct<'_>,
    keys: impl Iterator<Item = &'a Side>,
) -> Option<Projected> {
    let included = match projection {
        Projection::All => return None,
        Projection::KeysOnly => &[][..],
        Projection::Include(included) => included,
    };
    let keys: Vec<Ident> = keys.flat_map(Side::keys).map(|key| key.field.clone()).collect();
    let is_included = |field: &Field| included.iter().any(|it| it.field.value() == names::text(&field.name));
    let fields: Vec<Field> =
        of.fields.iter().filter(|field| keys.contains(&field.name) || is_included(field)).cloned().collect();
    let filtered = fields.iter().map(|field| field.name.clone()).filter(|name| !keys.contains(name)).collect();
    Some(Projected { name: format_ident!("{index}Item"), fields, serde: of.serde.to_vec(), filtered })
}

impl Projected {
    /// The struct, that it can be read, and a constant for each attribute that a filter can be on.
    pub(super) fn expand(&self, table: &Ident, index: &Ident, visibility: &Visibility) -> TokenStream {
        let (name, serde) = (&self.name, &self.serde);
        let doc = format!("What the index [`{index}`] has of an item of [`{table}`].");
        let fields = self.fields.iter().map(|Field { name, visibility, ty, serde, .. }| {
            let doc = format!("As [`{table}`] has it.");
            quote! { #[doc = #doc] #(#serde)* #visibility #name: #ty, }
        });
        let constants = self.fields.iter().filter(|field| self.filtered.contains(&field.name)).map(|field| {
            let (constant, ty) = (names::constant(&field.name, field.name.span()), &field.ty);
            let attribute = &field.stored.name;
            let doc = format!("The attribute `{attribute}`.");
            quote! {
                #[doc = #doc]
                #visibility const #constant: ::skyloom::__private::Attribute<#name, #ty> =
                    ::skyloom::__private::Attribute::new(#attribute);
            }
        });
        quote! {
            #[doc = #doc]
            #[derive(
                ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq,
                ::skyloom::__private::serde::Serialize, ::skyloom::__private::serde::Deserialize,
            )]
            #[serde(crate = "::skyloom::__private::serde")]
            #(#serde)*
            #[allow(private_interfaces, dead_code)]
            #visibility struct #name { #(#fields)* }
            impl ::skyloom::__private::FromItem for #name {
                fn from_item(item: ::skyloom::__private::Item) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    ::skyloom::__private::from_projected::<#index, Self>(item)
                }
            }
            #[allow(private_interfaces, dead_code)]
            impl #name { #(#constants)* }
        }
    }
}
