use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{ReturnType, Type};

use super::call;
use crate::{
    handler::{
        model::Handler,
        websocket::{Kind, Socket},
    },
    registration::option,
    spans::{at, gathered},
    throttle,
};

/// What `TriggerEntry::WebSocket` has.
pub(super) fn entry(handler: &Handler, socket: &Socket) -> TokenStream {
    let Socket { route, kind, throttle, .. } = socket;
    let api = api(socket);
    let auth = option(match kind {
        Kind::Connect(auth) => {
            let (auth, place) = gathered(auth);
            Some(quote_spanned! {at(place)=> ::skyloom::__private::websocket::principal::<#auth>() })
        }
        Kind::Disconnect | Kind::Message => None,
    });
    let replies = match kind {
        Kind::Message => replies(&handler.output),
        Kind::Connect(_) | Kind::Disconnect => quote! { false },
    };
    let throttle = option(throttle.map(throttle::expand));
    quote! { WebSocket { api: #api, route: #route, auth: #auth, replies: #replies, throttle: #throttle } }
}

/// The API's name, if it is a WebSocket API, and one that says who may connect.
fn api(socket: &Socket) -> TokenStream {
    let (api, place) = gathered(&socket.api);
    match socket.kind {
        Kind::Connect(_) => quote_spanned! {at(place)=> ::skyloom::__private::websocket::api::<#api>() },
        Kind::Disconnect | Kind::Message => {
            quote_spanned! {at(place)=> ::skyloom::__private::websocket::connected_api::<#api>() }
        }
    }
}

fn replies(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Default => quote! { false },
        ReturnType::Type(_, ty) => {
            let (ty, place) = gathered(&**ty);
            quote_spanned! {at(place)=> <#ty as ::skyloom::trigger::SocketReply>::REPLIES }
        }
    }
}

/// Who may connect, for the other handlers of the API. A second `$connect` is in conflict with it.
pub(super) fn connects(socket: &Socket) -> TokenStream {
    let Kind::Connect(auth) = &socket.kind else { return TokenStream::new() };
    let (api, place) = gathered(&socket.api);
    quote_spanned! {at(place)=>
        impl ::skyloom::__private::websocket::Connects for #api {
            type Principal = #auth;
        }
    }
}

/// `call` of the registration.
pub(super) fn call(handler: &Handler, socket: &Socket) -> TokenStream {
    let open = call::opened(
        &quote_spanned! {Span::mixed_site()=> websocket::open },
        &quote_spanned! {Span::mixed_site()=> payload },
    );
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::websocket::reject(rejection, scope) };
    let arguments = call::arguments(handler, &from, &reject);
    let function = match socket.kind {
        Kind::Connect(_) => "connected",
        Kind::Disconnect => "outcome",
        Kind::Message => "reply",
    };
    let reply = call::reply(handler, "websocket", function);
    let call = call::called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        #arguments
        #reply
        reply(#call, scope)
    }
}

/// What only the type of the API knows is wrong with a route of requests.
pub(super) fn takes_requests(api: &Type) -> TokenStream {
    let (_, place) = gathered(api);
    let is_websocket = quote! { <#api as ::skyloom::__private::ApiType>::IS_WEBSOCKET };
    quote_spanned! {at(place)=> const _: () = ::skyloom::__private::websocket::assert_requests(#is_websocket); }
}
