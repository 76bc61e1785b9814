//! What a route's types can say of themselves for OpenAPI. They need not say anything, so this fails for no type.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{ReturnType, Type};

use super::call::has_no_name;
use crate::{handler::model::Handler, spans::gathered};

/// The function that describes the route, which only a binary with debug assertions keeps.
pub(super) fn expand(handler: &Handler) -> TokenStream {
    let arguments = handler.arguments.iter().map(|ty| probe(ty, &quote_spanned! {Span::mixed_site()=> argument }));
    let reply = reply(&handler.output);
    quote_spanned! {Span::mixed_site()=>
        ::skyloom::__private::openapi::describer(|operation| {
            use ::skyloom::__private::openapi::levels::*;
            #(#arguments)*
            #reply
        })
    }
}

fn reply(output: &ReturnType) -> TokenStream {
    let method = quote_spanned! {Span::mixed_site()=> reply };
    match output {
        ReturnType::Default => probe(&syn::parse_quote!(()), &method),
        ReturnType::Type(_, ty) if has_no_name(ty) => {
            quote_spanned! {Span::mixed_site()=> operation.unnamed_reply(); }
        }
        ReturnType::Type(_, ty) => probe(ty, &method),
    }
}

/// Method resolution takes the first trait of several whose bounds hold for the type.
fn probe(ty: &Type, method: &TokenStream) -> TokenStream {
    let (ty, _) = gathered(ty);
    quote_spanned! {Span::mixed_site()=>
        (&&&::skyloom::__private::openapi::Probe::<#ty>::NEW).#method(operation);
    }
}
