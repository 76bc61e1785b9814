use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{operation, stream};
use crate::{
    handler::{
        http::Http,
        model::{Handler, Trigger},
    },
    names,
    registration::option,
};

/// The `TriggerEntry` of the registration.
pub(super) fn expand(handler: &Handler) -> TokenStream {
    let entry = match &handler.trigger {
        Trigger::Http(route) => http(handler, route),
        Trigger::Stream(mapping) => stream::expand(mapping),
        Trigger::Schedule(expression) => quote! { Schedule { expression: #expression } },
        Trigger::Authorizer(authorizer) => {
            let principal = names::text(&authorizer.principal_name);
            let cache = authorizer.cache;
            quote! { Authorizer { principal: #principal, cache: #cache } }
        }
        Trigger::Invoke => quote! { Invoke },
        Trigger::Hook => quote! { Hook },
    };
    quote! { ::skyloom::__private::TriggerEntry::#entry }
}

fn http(handler: &Handler, route: &Http) -> TokenStream {
    let Http { method, path, auth, scopes, groups, api } = route;
    let method = format_ident!("{}", capitalised(&method.to_string()));
    let api = option(api.as_ref().map(|api| quote! { <#api as ::skyloom::__private::ApiType>::NAME }));
    let operation = operation::expand(handler);
    quote! {
        Http {
            method: ::skyloom::__private::HttpMethod::#method,
            path: #path,
            auth: <#auth as ::skyloom::Principal>::KIND,
            scopes: &[#(#scopes),*],
            groups: &[#(#groups),*],
            api: #api,
            operation: #operation,
        }
    }
}

/// `Post` for `POST`.
fn capitalised(method: &str) -> String {
    let (first, rest) = method.split_at(1);
    format!("{first}{}", rest.to_ascii_lowercase())
}
