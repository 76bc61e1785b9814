use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::model::{Origin, Secret, Shape};
use crate::{
    names,
    registration::{register, source},
};

pub(super) fn expand(secret: &Secret) -> TokenStream {
    let name = &secret.name;
    let text = names::text(name);
    let read = read(secret);
    let entry = register("SECRETS", "SecretEntry", &entry(secret));
    quote! {
        impl ::skyloom::SecretValue for #name {
            const NAME: &'static str = #text;
            #read
        }
        impl ::skyloom::__private::bridge::Kept for #name {
            const SECRET: &'static str = #text;
        }
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::skyloom::__private::secret::redacted(#text, f)
            }
        }
        const _: () = { #entry };
    }
}

/// That the field cannot be made of a text, or the struct not be read from JSON, is an error under its type or name.
fn read(secret: &Secret) -> TokenStream {
    let result = quote! { ::core::result::Result<Self, ::skyloom::__private::secret::Unreadable> };
    match &secret.shape {
        Shape::Text(ty) => {
            let made = quote_spanned! {ty.span()=> <#ty as ::core::convert::From<::std::string::String>>::from(text) };
            quote! {
                #[allow(clippy::useless_conversion)] // of a `String`
                fn read(text: ::std::string::String) -> #result {
                    ::core::result::Result::Ok(Self(#made))
                }
            }
        }
        Shape::Json => {
            let name = &secret.name;
            let made = quote_spanned! {name.span().resolved_at(Span::mixed_site())=>
                ::skyloom::__private::secret::of_json::<#name>
            };
            quote! {
                fn read(text: ::std::string::String) -> #result {
                    #made(&text)
                }
            }
        }
    }
}

fn entry(secret: &Secret) -> TokenStream {
    let name = names::text(&secret.name);
    let source = source(&secret.name);
    let description = &secret.description;
    let origin = match &secret.origin {
        Origin::Existing(id) => quote! { Existing(#id) },
        Origin::Empty => quote! { Empty },
        Origin::Generated { length, punctuation } => {
            quote! { Generated { length: #length, punctuation: #punctuation } }
        }
    };
    quote! {
        ::skyloom::__private::SecretEntry {
            name: #name,
            description: #description,
            source: #source,
            origin: ::skyloom::__private::SecretOrigin::#origin,
        }
    }
}
