//! What `#[derive(Document)]` writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Document, Field};
use crate::names;

pub(super) fn expand(document: &Document) -> TokenStream {
    let Document { name, visibility, generics, fields } = document;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let constants = fields.iter().map(|Field { field, ty, name: attribute }| {
        let constant = names::constant(field, field.span());
        let doc = format!("The attribute `{attribute}`.");
        quote! {
            #[doc = #doc]
            #visibility const #constant: ::skyloom::__private::Attribute<Self, #ty> =
                ::skyloom::__private::Attribute::new(#attribute);
        }
    });
    // A type that serde does not write is an error under the type's name.
    let implementation = quote_spanned! {name.span()=>
        impl #parameters ::skyloom::__private::Document for #name #arguments #bounds {}
    };
    quote! {
        #implementation
        // A field's type may be less visible than the struct, whose visibility its constant has.
        #[allow(private_interfaces, dead_code)]
        impl #parameters #name #arguments #bounds { #(#constants)* }
    }
}
