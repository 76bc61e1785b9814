use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{
    handler::{
        deployment::Deployment, destination::Destination, event_invoke::EventInvoke, function::FunctionOptions,
        http_options::HttpOptions,
    },
    pairs::Pair,
    registration::option,
};

/// The `FunctionOptions` of the registration: what is as usual is not written.
pub(super) fn expand(options: &FunctionOptions) -> TokenStream {
    let FunctionOptions {
        ephemeral_storage,
        log_level,
        log_retention,
        environment,
        tags,
        tracing,
        layers,
        vpc,
        event_invoke: events,
        deployment,
        provisioned_concurrency,
        http,
    } = options;
    let environment = environment.iter().map(|Pair { name, value }| quote! { (#name, #value) });
    let tags = tags.iter().map(|(key, value)| quote! { (#key, #value) });
    let level = log_level.map(|level| format_ident!("{level}"));
    changed(
        "FunctionOptions",
        [
            ("ephemeral_storage", some(*ephemeral_storage)),
            ("log_level", some(level.map(|level| quote! { ::skyloom::__private::LogLevel::#level }))),
            ("log_retention", some(*log_retention)),
            ("environment", list(environment)),
            ("tags", list(tags)),
            ("tracing", some(*tracing)),
            ("layers", list(layers.iter().map(|arn| quote! { #arn }))),
            ("vpc", vpc.then(|| quote! { true })),
            ("event_invoke", event_invoke(events)),
            ("deployment", some(deployment.as_ref().map(Deployment::expand))),
            ("provisioned_concurrency", some(*provisioned_concurrency)),
            ("http", self::http(http)),
        ],
    )
    .unwrap_or_else(|| quote! { ::skyloom::__private::FunctionOptions::DEFAULT })
}

fn event_invoke(options: &EventInvoke) -> Option<TokenStream> {
    let EventInvoke { retries, max_age, on_failure, on_success, dead_letter } = options;
    let destination = |it: &Option<Destination>| some(it.as_ref().map(Destination::expand));
    changed(
        "EventInvoke",
        [
            ("retries", some(*retries)),
            ("max_age", some(*max_age)),
            ("on_failure", destination(on_failure)),
            ("on_success", destination(on_success)),
            ("dead_letter", destination(dead_letter)),
        ],
    )
}

fn http(options: &HttpOptions) -> Option<TokenStream> {
    let HttpOptions { payload, request, response, .. } = options;
    let payload = payload.map(|variant| {
        let variant = format_ident!("{variant}");
        quote! { ::skyloom::__private::PayloadFormat::#variant }
    });
    let response = response.iter().map(|(status, key, value)| quote! { (#status, #key, #value) });
    changed(
        "HttpOptions",
        [
            ("payload", some(payload)),
            ("request", list(request.iter().map(|Pair { name, value }| quote! { (#name, #value) }))),
            ("response", list(response)),
        ],
    )
}

fn some<T: quote::ToTokens>(value: Option<T>) -> Option<TokenStream> {
    value.map(|value| option(Some(value)))
}

fn list(items: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| quote! { &[#(#items),*] })
}

/// The usual value of the type with these fields changed; nothing if none is.
fn changed<const N: usize>(ty: &str, fields: [(&str, Option<TokenStream>); N]) -> Option<TokenStream> {
    let ty = format_ident!("{ty}");
    let fields: Vec<_> = fields
        .into_iter()
        .filter_map(|(name, value)| {
            let (name, value) = (format_ident!("{name}"), value?);
            Some(quote! { #name: #value })
        })
        .collect();
    (!fields.is_empty())
        .then(|| quote! { ::skyloom::__private::#ty { #(#fields,)* ..::skyloom::__private::#ty::DEFAULT } })
}
