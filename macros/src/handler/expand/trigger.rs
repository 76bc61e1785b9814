use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use skyloom_manifest::rules;

use super::{operation, stream, streams, websocket};
use crate::{
    handler::{
        cache,
        http::Http,
        http_options::HttpOptions,
        identity,
        model::{Handler, Trigger},
        pool::Pool,
        url::Url,
    },
    names,
    registration::option,
    spans::{at, gathered},
    throttle, types,
};

/// The `TriggerEntry` of the registration.
pub(super) fn expand(handler: &Handler) -> TokenStream {
    let entry = match &handler.trigger {
        Trigger::Http(route) => http(handler, route),
        Trigger::Stream(mapping) => stream::expand(mapping),
        Trigger::Schedule(expression) => quote! { Schedule { expression: #expression } },
        Trigger::Authorizer(authorizer) => {
            let principal = names::text(&authorizer.principal_name);
            let (cache, policy) = (authorizer.cache, authorizer.policy);
            let identity = option(authorizer.identity.as_ref().map(identity::expand));
            let validation = option(authorizer.validation.as_ref());
            let token_header = option(authorizer.token_header.as_ref());
            let payload = format_ident!("{}", authorizer.payload);
            quote! {
                Authorizer {
                    principal: #principal,
                    cache: #cache,
                    identity: #identity,
                    validation: #validation,
                    policy: #policy,
                    token_header: #token_header,
                    payload: ::skyloom::__private::PayloadFormat::#payload,
                }
            }
        }
        Trigger::Invoke => quote! { Invoke },
        Trigger::Hook => quote! { Hook },
        Trigger::Url(url) => self::url(handler, url),
        Trigger::WebSocket(socket) => websocket::entry(handler, socket),
        Trigger::UserPool(pool) => user_pool(pool),
    };
    quote! { ::skyloom::__private::TriggerEntry::#entry }
}

/// The type of the answer to the last question before tokens are made says which tokens it is about.
fn user_pool(trigger: &Pool) -> TokenStream {
    let Pool { pool, on, answer } = trigger;
    let (pool, place) = gathered(pool);
    let name = quote_spanned! {at(place)=> <#pool as ::skyloom::__private::bridge::SignsIn>::USER_POOL };
    let version = match answer {
        Some(answer) => {
            let (answer, place) = gathered(answer);
            quote_spanned! {at(place)=> ::skyloom::__private::user_pool::version::<#answer>() }
        }
        None => quote! { ::skyloom::__private::PoolEventVersion::V1 },
    };
    quote! {
        UserPool { pool: #name, on: ::skyloom::__private::PoolTrigger::#on, version: #version }
    }
}

fn http(handler: &Handler, route: &Http) -> TokenStream {
    let Http { method, path, auth, scopes, groups, api, throttle, cache, .. } = route;
    let throttle = option(throttle.map(throttle::expand));
    let cache = option(cache.as_ref().map(cache::expand));
    let method = format_ident!("{}", capitalised(&method.to_string()));
    let api = option(api.as_ref().map(|api| quote! { <#api as ::skyloom::__private::ApiType>::NAME }));
    let operation = operation::expand(handler);
    let streams = streams::expand(&handler.output);
    quote! {
        Http {
            method: ::skyloom::__private::HttpMethod::#method,
            path: #path,
            auth: <#auth as ::skyloom::Principal>::KIND,
            scopes: &[#(#scopes),*],
            groups: &[#(#groups),*],
            api: #api,
            operation: #operation,
            streams: #streams,
            throttle: #throttle,
            cache: #cache,
        }
    }
}

fn url(handler: &Handler, url: &Url) -> TokenStream {
    let Url { auth, cors } = url;
    let cors = option(cors.as_ref().map(crate::cors::expand));
    let streams = streams::expand(&handler.output);
    quote! {
        Url { auth: <#auth as ::skyloom::Principal>::KIND, cors: #cors, streams: #streams }
    }
}

/// What only the type of the API knows is wrong, at the tokens that are.
pub(super) fn checks(route: &Http, options: &HttpOptions) -> TokenStream {
    let Http { path, auth, api, wrong_for_rest, slow_for_rest, wide_throttle, cache, .. } = route;
    let Some(api) = api else { return TokenStream::new() };
    let takes_requests = websocket::takes_requests(api);
    let (api, _) = gathered(api);
    let of_path = wrong_for_rest.as_ref().map(|message| {
        quote_spanned! {at(path.span())=> const _: () = ::skyloom::__private::assert_path::<#api>(#message); }
    });
    let of_timeout = slow_for_rest.as_ref().map(|name| {
        quote_spanned! {at(name.span())=> const _: () = ::skyloom::__private::assert_timeout::<#api>(); }
    });
    let (auth, place) = gathered(auth);
    let of_auth = types::is_named(&route.auth, "ApiKey").then(|| {
        quote_spanned! {at(place)=> const _: () = ::skyloom::__private::assert_auth::<#api, #auth>(); }
    });
    let of_options = options.wrong_for_rest.as_ref().map(|name| {
        let message =
            format!("`{name}` is of HTTP APIs, and this is a REST API: write `#[api(http)]`, or leave it out");
        quote_spanned! {at(name.span())=> const _: () = ::skyloom::__private::assert_http::<#api>(#message); }
    });
    let of_throttle = wide_throttle.as_ref().map(|name| {
        let message = rules::THROTTLE_OF_ANY;
        quote_spanned! {at(name.span())=> const _: () = ::skyloom::__private::assert_http::<#api>(#message); }
    });
    let of_cache = cache.as_ref().map(|cache| {
        quote_spanned! {at(cache.name.span())=> const _: () = ::skyloom::__private::assert_cache::<#api>(); }
    });
    quote! { #takes_requests #of_path #of_timeout #of_auth #of_options #of_throttle #of_cache }
}

/// `Post` for `POST`.
fn capitalised(method: &str) -> String {
    let (first, rest) = method.split_at(1);
    format!("{first}{}", rest.to_ascii_lowercase())
}
