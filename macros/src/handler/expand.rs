//! The registration of a valid handler. The logic lives in the framework; this only names it.

mod call;
mod filter;
mod function;
mod operation;
mod stream;
mod streams;
mod trigger;
mod websocket;

pub(super) use self::call::has_no_name;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use super::{
    authorizer::Authorizer,
    model::{Handler, Trigger},
};
use crate::{
    names,
    registration::{option, register, source},
    spans::{at, gathered},
};

pub(super) fn expand(handler: &Handler) -> TokenStream {
    let conditions = &handler.conditions;
    let entry = register("HANDLERS", "Handler", &entry(handler));
    let beside = match &handler.trigger {
        Trigger::Authorizer(authorizer) => principal(handler, authorizer),
        Trigger::Http(route) => trigger::checks(route, &handler.common.options.http),
        Trigger::WebSocket(socket) => websocket::connects(socket),
        Trigger::Stream(_)
        | Trigger::Schedule(_)
        | Trigger::Invoke
        | Trigger::Hook
        | Trigger::Url(_)
        | Trigger::UserPool(_) => TokenStream::new(),
    };
    quote! {
        #(#conditions)*
        const _: () = {
            #entry
            #beside
        };
    }
}

fn entry(handler: &Handler) -> TokenStream {
    let name = names::text(&handler.name);
    let source = source(&handler.name);
    let description = &handler.description;
    let trigger = trigger::expand(handler);
    let common = &handler.common;
    let [memory, timeout, concurrency] = [common.memory, common.timeout, common.concurrency].map(option);
    let allow = common.allow.iter().map(|(action, resource)| quote! { (#action, #resource) });
    let options = function::expand(&common.options);
    let event = event(&handler.trigger);
    let needs = handler.arguments.iter().map(|ty| needs(ty, &event));
    let call = call::expand(handler);
    quote! {
        ::skyloom::__private::Handler {
            name: #name,
            description: #description,
            source: #source,
            trigger: #trigger,
            memory: #memory,
            timeout: #timeout,
            concurrency: #concurrency,
            options: #options,
            allow: &[#(#allow),*],
            needs: ::skyloom::__private::Needs::All(&[#(#needs),*]),
            call: #call,
        }
    }
}

/// The permissions of an argument.
fn needs(ty: &Type, event: &TokenStream) -> TokenStream {
    let (ty, span) = gathered(ty);
    quote_spanned! {span=> <#ty as ::skyloom::FromEvent<#event>>::NEEDS }
}

/// The framework's token for the kind of event that the arguments are taken from.
fn event(trigger: &Trigger) -> TokenStream {
    match trigger {
        Trigger::Http(http) => {
            let auth = &http.auth;
            quote! { ::skyloom::__private::http::Http<#auth> }
        }
        Trigger::Url(url) => {
            let auth = &url.auth;
            quote! { ::skyloom::__private::http::Http<#auth> }
        }
        Trigger::Stream(stream) => {
            let table = &stream.table;
            let token = if stream.batch { format_ident!("StreamBatch") } else { format_ident!("StreamRecord") };
            quote! { ::skyloom::__private::stream::#token<#table> }
        }
        Trigger::Schedule(_) => quote! { ::skyloom::__private::schedule::Schedule },
        Trigger::Authorizer(_) => quote! { ::skyloom::__private::authorizer::Authorize },
        Trigger::Invoke => quote! { ::skyloom::__private::invoke::Invoke },
        Trigger::Hook => quote! { ::skyloom::__private::hook::Hook },
        Trigger::WebSocket(socket) => {
            let api = &socket.api;
            quote! { ::skyloom::__private::websocket::WebSocket<#api> }
        }
        Trigger::UserPool(pool) => {
            let (of, on) = (&pool.pool, &pool.on);
            quote! { ::skyloom::__private::user_pool::OfPool<#of, ::skyloom::__private::user_pool::on::#on> }
        }
    }
}

/// What an authorizer returns is a principal, and an argument where `auth` names it.
fn principal(handler: &Handler, authorizer: &Authorizer) -> TokenStream {
    let ty = &authorizer.principal;
    let function = names::text(&handler.name);
    quote_spanned! {at(authorizer.principal_name.span())=>
        impl ::skyloom::Principal for #ty {
            const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::Authorizer(#function);
        }
        impl ::skyloom::FromEvent<::skyloom::__private::http::Http<#ty>> for #ty {
            async fn from_event<'a>(
                event: &'a ::skyloom::__private::RequestEvent<'a>,
                _: &'a ::skyloom::__private::Scope,
            ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                ::skyloom::__private::user_of_authorizer(event)
            }
        }
        impl<__Api: ::skyloom::__private::websocket::Connects<Principal = #ty>>
            ::skyloom::FromEvent<::skyloom::__private::websocket::WebSocket<__Api>> for #ty
        {
            async fn from_event<'a>(
                event: &'a ::skyloom::__private::websocket::SocketEvent<'a>,
                _: &'a ::skyloom::__private::Scope,
            ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                ::skyloom::__private::websocket::user_of_authorizer(event)
            }
        }
    }
}
