use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use crate::{
    handler::{
        filter::{Image, Term, Test},
        http::Http,
        model::{Handler, Trigger},
        stream::Stream,
    },
    names,
    registration::option,
    spans::gathered,
};

/// The `TriggerEntry` of the registration.
pub(super) fn expand(handler: &Handler) -> TokenStream {
    let entry = match &handler.trigger {
        Trigger::Http(route) => http(route),
        Trigger::Stream(mapping) => stream(mapping),
        Trigger::Schedule(expression) => quote! { Schedule { expression: #expression } },
        Trigger::Authorizer(authorizer) => {
            let principal = names::text(&authorizer.principal_name);
            let cache = authorizer.cache;
            quote! { Authorizer { principal: #principal, cache: #cache } }
        }
        Trigger::Invoke => quote! { Invoke },
    };
    quote! { ::skyloom::__private::TriggerEntry::#entry }
}

fn http(route: &Http) -> TokenStream {
    let Http { method, path, auth, scopes, groups, api } = route;
    let method = format_ident!("{}", capitalised(&method.to_string()));
    let api = option(api.as_ref().map(|api| quote! { <#api as ::skyloom::__private::ApiType>::NAME }));
    quote! {
        Http {
            method: ::skyloom::__private::HttpMethod::#method,
            path: #path,
            auth: <#auth as ::skyloom::Principal>::KIND,
            scopes: &[#(#scopes),*],
            groups: &[#(#groups),*],
            api: #api,
        }
    }
}

/// `Post` for `POST`.
fn capitalised(method: &str) -> String {
    let (first, rest) = method.split_at(1);
    format!("{first}{}", rest.to_ascii_lowercase())
}

fn stream(mapping: &Stream) -> TokenStream {
    let table = &mapping.table;
    let [batch_size, batch_window, retries, max_record_age, parallelization] =
        [mapping.batch_size, mapping.batch_window, mapping.retries, mapping.max_record_age, mapping.parallelization]
            .map(option);
    let starting_position = if mapping.latest { format_ident!("Latest") } else { format_ident!("TrimHorizon") };
    let bisect = mapping.bisect;
    let filters = mapping.filters.iter().map(|terms| {
        let terms = terms.iter().map(|term| filter_term(table, term));
        quote! { &[#(#terms),*] }
    });
    let (gathered_table, place) = gathered(table);
    let name = quote_spanned! {place=> ::skyloom::__private::stream::table_of_changes::<#gathered_table>() };
    quote! {
        Stream(::skyloom::__private::StreamEntry {
            table: #name,
            batch_size: #batch_size,
            batch_window: #batch_window,
            starting_position: ::skyloom::__private::StartingPosition::#starting_position,
            retries: #retries,
            max_record_age: #max_record_age,
            bisect: #bisect,
            parallelization: #parallelization,
            filters: &[#(#filters),*],
        })
    }
}

fn filter_term(table: &Type, term: &Term) -> TokenStream {
    match term {
        Term::Event(events) => quote! { ::skyloom::__private::FilterTerm::Event(&[#(#events),*]) },
        Term::Attribute { image, field, test } => {
            let image = match image {
                Image::New => format_ident!("New"),
                Image::Old => format_ident!("Old"),
            };
            // With the field's span, so that a field that is not there is an error at the user's word.
            let constant = names::constant(field, field.span());
            let attribute = quote_spanned! {field.span()=> <#table>::#constant.name() };
            let test = filter_test(test);
            quote! {
                ::skyloom::__private::FilterTerm::Attribute {
                    image: ::skyloom::__private::Image::#image,
                    attribute: #attribute,
                    test: ::skyloom::__private::FilterTest::#test,
                }
            }
        }
    }
}

fn filter_test(test: &Test) -> TokenStream {
    match test {
        Test::Strings(values) => quote! { String(&[#(#values),*]) },
        Test::Numbers(values) => quote! { Number(&[#(#values),*]) },
        Test::Bool(value) => quote! { Bool(#value) },
    }
}
