use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{
    gateway_response,
    kind::Kind,
    model::Api,
    rest::{Policy, Rest, UsagePlan},
};
use crate::{
    cors, names,
    pairs::Pair,
    registration::{option, register, source},
    throttle,
};

pub(super) fn expand(api: &Api) -> TokenStream {
    let name = &api.name;
    let text = names::text(name);
    let source = source(name);
    let default = api.default;
    let rest = option(api.rest.as_ref().map(rest));
    let cors = option(api.cors.as_ref().map(cors::expand));
    let variables = api.variables.iter().map(|Pair { name, value }| quote! { (#name, #value) });
    let variables = quote! { &[#(#variables),*] };
    let throttle = option(api.throttle.map(throttle::expand));
    if let Some(route_selection) = &api.route_selection {
        return websocket(
            name,
            quote! { route_selection: #route_selection, variables: #variables, throttle: #throttle },
        );
    }
    let entry = quote! {
        ::skyloom::__private::ApiEntry {
            name: #text,
            source: #source,
            default: #default,
            rest: #rest,
            cors: #cors,
            variables: #variables,
            throttle: #throttle,
        }
    };
    let entry = register("APIS", "ApiEntry", &entry);
    let api_type = api_type(name, if api.rest.is_some() { Kind::Rest } else { Kind::Http });
    quote! {
        #api_type
        const _: () = {
            #entry
            let _ = #name; // nothing else may ever make one
        };
    }
}

/// What routes name the API for.
pub(super) fn api_type(name: &Ident, kind: Kind) -> TokenStream {
    let text = names::text(name);
    let is_rest = kind == Kind::Rest;
    let is_websocket = (kind == Kind::WebSocket).then(|| quote! { const IS_WEBSOCKET: bool = true; });
    quote! {
        impl ::skyloom::__private::ApiType for #name {
            const NAME: &'static str = #text;
            const IS_REST: bool = #is_rest;
            #is_websocket
        }
    }
}

/// WebSocket APIs are listed apart: no request belongs to one, and so none is the default.
fn websocket(name: &Ident, options: TokenStream) -> TokenStream {
    let (text, source) = (names::text(name), source(name));
    let entry = quote! {
        ::skyloom::__private::SocketApiEntry { name: #text, source: #source, #options }
    };
    let entry = register("SOCKET_APIS", "SocketApiEntry", &entry);
    let api_type = api_type(name, Kind::WebSocket);
    quote! {
        #api_type
        const _: () = {
            #entry
            let _ = #name;
        };
    }
}

fn rest(rest: &Rest) -> TokenStream {
    let Rest {
        endpoint,
        binary_media_types,
        minimum_compression,
        validate,
        usage_plan,
        cache_size,
        gateway_responses,
        policy,
    } = rest;
    let endpoint = format_ident!("{endpoint}");
    let minimum_compression = option(*minimum_compression);
    let cache_size = option(*cache_size);
    let gateway_responses = gateway_response::expand(gateway_responses);
    let usage_plan = option(usage_plan.as_ref().map(self::usage_plan));
    let policy = option(policy.as_ref().map(|Policy { allow_ips, deny_ips }| {
        quote! {
            ::skyloom::__private::PolicyEntry { allow_ips: &[#(#allow_ips),*], deny_ips: &[#(#deny_ips),*] }
        }
    }));
    quote! {
        ::skyloom::__private::RestEntry {
            endpoint: ::skyloom::__private::Endpoint::#endpoint,
            binary_media_types: &[#(#binary_media_types),*],
            minimum_compression: #minimum_compression,
            validate: #validate,
            usage_plan: #usage_plan,
            cache_size: #cache_size,
            gateway_responses: #gateway_responses,
            policy: #policy,
        }
    }
}

fn usage_plan(plan: &UsagePlan) -> TokenStream {
    let throttle = option(plan.throttle.map(|(rate, burst)| {
        quote! { ::skyloom::__private::Throttle { rate: #rate, burst: #burst } }
    }));
    let quota = option(plan.quota.map(|(limit, period)| {
        let period = format_ident!("{period}");
        quote! { ::skyloom::__private::Quota { limit: #limit, period: ::skyloom::__private::Period::#period } }
    }));
    quote! { ::skyloom::__private::UsagePlan { throttle: #throttle, quota: #quota } }
}
