//! What `#[derive(Document)]` writes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse_quote;

use super::model::{Document, Field};
use crate::names;

pub(super) fn expand(document: &Document) -> TokenStream {
    let Document { name, visibility, generics, fields } = document;
    let (parameters, arguments, bounds) = generics.split_for_impl();
    // What serde asks of the parameters is known to its derive alone.
    let serialized = (!generics.params.is_empty()).then(|| {
        let mut generics = generics.clone();
        let bound = parse_quote! { Self: ::skyloom::__private::serde::Serialize };
        generics.make_where_clause().predicates.push(bound);
        generics.where_clause
    });
    let written = serialized.as_ref().map_or(&generics.where_clause, |clause| clause);
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
        impl #parameters ::skyloom::__private::Document for #name #arguments #written {}
        impl #parameters ::skyloom::__private::StoredAs for #name #arguments #bounds {
            const STORED: ::skyloom::__private::FieldType = ::skyloom::__private::FieldType::MAP;
        }
    };
    quote! {
        #implementation
        // A field's type may be less visible than the struct, whose visibility its constant has.
        #[allow(private_interfaces, dead_code)]
        impl #parameters #name #arguments #bounds { #(#constants)* }
    }
}
