use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::model::{Route, Target};
use crate::{
    names,
    pairs::Pair,
    registration::{option, register, source},
    spans::{at, gathered},
    types,
};

pub(super) fn expand(route: &Route) -> TokenStream {
    let Route { name, description, method, path, auth, scopes, api, .. } = route;
    let (text, source) = (names::text(name), source(name));
    let (first, rest) = (&method.to_string()[..1], method.to_string()[1..].to_ascii_lowercase());
    let method = format_ident!("{first}{rest}");
    let api = option(api.as_ref().map(|api| quote! { <#api as ::skyloom::__private::ApiType>::NAME }));
    let target = target(&route.target);
    let entry = quote! {
        ::skyloom::__private::IntegrationEntry {
            name: #text,
            description: #description,
            source: #source,
            method: ::skyloom::__private::HttpMethod::#method,
            path: #path,
            auth: <#auth as ::skyloom::Principal>::KIND,
            scopes: &[#(#scopes),*],
            api: #api,
            target: #target,
        }
    };
    let entry = register("INTEGRATIONS", "IntegrationEntry", &entry);
    let checks = checks(route);
    quote! {
        const _: () = {
            #entry
            #checks
            let _ = #name; // nothing else may ever make one
        };
    }
}

fn target(target: &Target) -> TokenStream {
    let pairs = |all: &[Pair]| {
        let pairs = all.iter().map(|Pair { name, value }| quote! { (#name, #value) });
        quote! { &[#(#pairs),*] }
    };
    let target = match target {
        Target::Http(url) => quote! { Http(#url) },
        Target::Answer { status, headers, body } => {
            let (headers, body) = (pairs(headers), option(body.as_ref()));
            quote! { Answer { status: #status, headers: #headers, body: #body } }
        }
        Target::Queue { name, is_arn: false } => quote! { Queue(#name) },
        Target::Queue { name, is_arn: true } => quote! { QueueArn(#name) },
        Target::Put { table, set, replace } => {
            let set = pairs(set);
            quote! { Put { table: <#table as ::skyloom::Table>::NAME, set: #set, replace: #replace } }
        }
    };
    quote! { ::skyloom::__private::TargetEntry::#target }
}

/// What only the type of the API knows is wrong, at the tokens that are.
fn checks(route: &Route) -> TokenStream {
    let Some(api) = &route.api else { return TokenStream::new() };
    let (api, _) = gathered(api);
    let of_path = route.wrong_for_rest.as_ref().map(|message| {
        quote_spanned! {at(route.path.span())=> const _: () = ::skyloom::__private::assert_path::<#api>(#message); }
    });
    let of_target = matches!(route.target, Target::Answer { .. } | Target::Put { .. }).then(|| {
        let word = &route.word;
        let message = format!("`{word}` is of REST APIs, and this is an HTTP API: write `#[api(rest)]`, or a handler");
        quote_spanned! {at(word.span())=> const _: () = ::skyloom::__private::assert_rest::<#api>(#message); }
    });
    let (auth, place) = gathered(&route.auth);
    let of_auth = types::is_named(&route.auth, "ApiKey").then(|| {
        quote_spanned! {at(place)=> const _: () = ::skyloom::__private::assert_auth::<#api, #auth>(); }
    });
    quote! { #of_path #of_target #of_auth }
}
