//! `cache = "60s"` of a route, and by what its replies are told apart.

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules;
use syn::{Ident, LitStr, Type};

use crate::{errors::Errors, setting::Setting, settings::Settings, types};

/// A reply that the API keeps.
pub(super) struct Cache {
    /// `cache`
    pub(super) name: Ident,
    /// Seconds.
    ttl: u32,
    query: Vec<LitStr>,
    headers: Vec<LitStr>,
    shared: bool,
}

const EXAMPLE: &str = "header = \"authorization\"";

/// Nothing where the route keeps nothing, or something is wrong with it.
pub(super) fn read(method: &Ident, auth: Option<&Type>, settings: &Settings, errors: &mut Errors) -> Option<Cache> {
    let Some(setting) = settings.find("cache") else {
        for name in ["cache_key", "cache_shared"] {
            if let Some(setting) = settings.find(name) {
                errors.push(
                    &setting.name,
                    format!("`{name}` is of a reply that is kept: write `cache = \"60s\"` as well"),
                );
            }
        }
        return None;
    };
    if method != "GET" {
        errors.push(
            &setting.name,
            format!("`cache` is for GET, and this is {method}: a reply that is kept does not reach the function"),
        );
    }
    let (query, headers) = settings.find("cache_key").and_then(|it| key(it, errors)).unwrap_or_default();
    let shared = settings.read("cache_shared", errors, Setting::flag).unwrap_or(false);
    if let Some(auth) = auth {
        check_caller(setting, auth, &headers, shared, errors);
    }
    let ttl = settings.read("cache", errors, |it| it.seconds(&rules::REPLY_CACHE))?;
    Some(Cache { name: setting.name.clone(), ttl, query, headers, shared })
}

/// Parameters of the query string, and headers.
fn key(setting: &Setting, errors: &mut Errors) -> Option<(Vec<LitStr>, Vec<LitStr>)> {
    let nested = errors.keep(setting.nested(EXAMPLE))?;
    let settings = Settings::of(nested, "cache_key(…)", &["header", "query"], errors);
    let query = settings.read("query", errors, |it| it.text_or_texts("page")).unwrap_or_default();
    let headers = settings.read("header", errors, |it| it.text_or_texts("authorization")).unwrap_or_default();
    check_names(&query, rules::check_parameter_name, errors);
    check_names(&headers, rules::check_header_name, errors);
    Some((query, headers))
}

pub(super) fn check_names(names: &[LitStr], check: impl Fn(&str) -> Result<(), String>, errors: &mut Errors) {
    for name in names {
        check(&name.value()).unwrap_or_else(|message| errors.push(name, message));
    }
}

/// A reply that was made for one caller is not given to the next one by mistake.
fn check_caller(setting: &Setting, auth: &Type, headers: &[LitStr], shared: bool, errors: &mut Errors) {
    let header = if types::is_named(auth, "ApiKey") { "x-api-key" } else { "authorization" };
    let is_keyed = headers.iter().any(|name| name.value().eq_ignore_ascii_case(header));
    if shared && is_keyed {
        errors.push(&setting.name, format!("`cache_shared` says that all callers get one reply, and `cache_key` tells them apart by `{header}`: remove one"));
    } else if types::is_named(auth, "Public") && shared {
        errors.push(&setting.name, "a public route's replies are everyone's anyway: remove `cache_shared`");
    } else if !types::is_named(auth, "Public") && !shared && !is_keyed {
        errors.push(
            &setting.name,
            format!(
                "its replies would be kept for everyone whom the route lets in: tell them apart by who asks, `cache_key(header = \
                 \"{header}\")`, or say that they are the same for all, `cache_shared`"
            ),
        );
    }
}

pub(super) fn expand(cache: &Cache) -> TokenStream {
    let Cache { name: _, ttl, query, headers, shared } = cache;
    quote! {
        ::skyloom::__private::CacheEntry { ttl: #ttl, query: &[#(#query),*], headers: &[#(#headers),*], shared: #shared }
    }
}
