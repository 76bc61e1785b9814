use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    model::{Api, Cors},
    rest::{Policy, Rest, UsagePlan},
};
use crate::{
    names,
    registration::{option, register, source},
};

pub(super) fn expand(api: &Api) -> TokenStream {
    let name = &api.name;
    let text = names::text(name);
    let source = source(name);
    let (default, is_rest) = (api.default, api.rest.is_some());
    let rest = option(api.rest.as_ref().map(rest));
    let cors = option(api.cors.as_ref().map(cors));
    let entry = quote! {
        ::skyloom::__private::ApiEntry { name: #text, source: #source, default: #default, rest: #rest, cors: #cors }
    };
    let entry = register("APIS", "ApiEntry", &entry);
    quote! {
        impl ::skyloom::__private::ApiType for #name {
            const NAME: &'static str = #text;
            const IS_REST: bool = #is_rest;
        }
        const _: () = { #entry };
    }
}

fn rest(rest: &Rest) -> TokenStream {
    let Rest { endpoint, binary_media_types, minimum_compression, validate, usage_plan, policy } = rest;
    let endpoint = format_ident!("{endpoint}");
    let minimum_compression = option(*minimum_compression);
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

fn cors(cors: &Cors) -> TokenStream {
    let Cors { origins, methods, headers, expose, credentials, max_age } = cors;
    let max_age = option(*max_age);
    quote! {
        ::skyloom::__private::CorsEntry {
            origins: &[#(#origins),*],
            methods: &[#(#methods),*],
            headers: &[#(#headers),*],
            expose: &[#(#expose),*],
            credentials: #credentials,
            max_age: #max_age,
        }
    }
}
