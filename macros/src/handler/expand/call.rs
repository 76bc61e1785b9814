//! `call` of the registration: bytes in, the arguments decoded one by one, the handler, bytes out.
//!
//! It is a closure in the registration's initializer, since the compiler reports the same mistake once in one body. Its
//! variables have the macro's own hygiene, so that a handler may be called `event` as well.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{LitStr, ReturnType, Type, TypeImplTrait, spanned::Spanned, visit::Visit};

use super::{event, filter, websocket};
use crate::{
    handler::{
        authorizer::Authorizer,
        model::{Handler, Trigger},
        stream::{Stream, Tumbling},
    },
    spans::{at, gathered},
};

pub(super) fn expand(handler: &Handler) -> TokenStream {
    let body = match &handler.trigger {
        Trigger::Http(route) => http(handler, &route.auth, &route.groups),
        Trigger::Url(url) => http(handler, &url.auth, &[]),
        Trigger::Stream(mapping) if mapping.batch => batch(handler, mapping),
        Trigger::Stream(mapping) => records(handler, mapping),
        Trigger::Schedule(_) => plain(handler, "schedule"),
        Trigger::Authorizer(it) => authorizer(handler, it),
        Trigger::Invoke => plain(handler, "invoke"),
        Trigger::Hook => hook(handler),
        Trigger::WebSocket(socket) => websocket::call(handler, socket),
        Trigger::UserPool(pool) => user_pool(handler, &pool.on),
    };
    // That a handler's future is not `Send` shows here, so this has the span of its name.
    let future = quote_spanned! {at(handler.name.span())=> ::std::boxed::Box::pin(async move { #body }) };
    quote_spanned! {Span::mixed_site()=> |payload, scope| #future }
}

fn http(handler: &Handler, auth: &Type, groups: &[LitStr]) -> TokenStream {
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::http::reject(&event, rejection, scope) };
    let arguments = arguments(handler, &from, &reject);
    let reply = reply(handler, "http", "reply");
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        let event = match ::skyloom::__private::http::open::<#auth>(payload, scope, &[#(#groups),*]) {
            ::core::result::Result::Ok(event) => event,
            ::core::result::Result::Err(answer) => return answer,
        };
        #arguments
        #reply
        reply(&event, #call, scope)
    }
}

/// The event says in which form the answer is wanted.
fn authorizer(handler: &Handler, authorizer: &Authorizer) -> TokenStream {
    let header = authorizer.token_header.as_ref().map_or_else(|| "Authorization".to_owned(), LitStr::value);
    let open = opened(
        &quote_spanned! {Span::mixed_site()=> authorizer::open },
        &quote_spanned! {Span::mixed_site()=> payload, #header },
    );
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let [reject, reply_name] = if authorizer.policy { ["policy_reject", "policy_reply"] } else { ["reject", "reply"] };
    let reject = format_ident!("{reject}");
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::authorizer::#reject(&event, rejection) };
    let arguments = arguments(handler, &from, &reject);
    let reply = reply(handler, "authorizer", reply_name);
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        #arguments
        #reply
        reply(&event, #call)
    }
}

/// The triggers whose event is opened, answered and refused without more.
fn plain(handler: &Handler, module: &str) -> TokenStream {
    let module_name = format_ident!("{module}");
    let open = opened(
        &quote_spanned! {Span::mixed_site()=> #module_name::open },
        &quote_spanned! {Span::mixed_site()=> payload },
    );
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::#module_name::reject(rejection) };
    let arguments = arguments(handler, &from, &reject);
    let reply = reply(handler, module, "reply");
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        #arguments
        #reply
        reply(#call)
    }
}

/// What a hook does is one future, whose end, whatever it is, the framework tells CodeDeploy.
fn hook(handler: &Handler) -> TokenStream {
    let open =
        opened(&quote_spanned! {Span::mixed_site()=> hook::open }, &quote_spanned! {Span::mixed_site()=> payload });
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::hook::reject(rejection) };
    let arguments = arguments(handler, &from, &reject);
    let reply = reply(handler, "hook", "reply");
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        let checks = async {
            #arguments
            #reply
            reply(#call)
        };
        ::skyloom::__private::hook::conclude(&event, scope, checks).await
    }
}

/// What the handler does is one future, of whose end Cognito's client learns no more than it may.
fn user_pool(handler: &Handler, on: &Ident) -> TokenStream {
    let open = opened(
        &quote_spanned! {Span::mixed_site()=> user_pool::open },
        &quote_spanned! {Span::mixed_site()=> payload },
    );
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::user_pool::reject(rejection) };
    let arguments = arguments(handler, &from, &reject);
    let path = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::user_pool::reply };
    let on = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::user_pool::on::#on };
    let reply = match &handler.output {
        ReturnType::Default => quote_spanned! {at(handler.name.span())=> let reply = #path::<#on, ()>; },
        ReturnType::Type(_, ty) => quote_spanned! {at(ty.span())=> let reply = #path::<#on, #ty>; },
    };
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        let answer = async {
            #arguments
            #reply
            reply(#call)
        };
        ::skyloom::__private::user_pool::conclude(&event, answer).await
    }
}

/// One record after the other; the first that fails is reported, so that it and those behind it come again.
fn records(handler: &Handler, mapping: &Stream) -> TokenStream {
    let open = open_batch(mapping);
    let from = quote_spanned! {Span::mixed_site()=> record };
    let reject = quote_spanned! {Span::mixed_site()=>
        ::skyloom::__private::stream::record_failed(record, ::skyloom::__private::stream::reject(rejection))
    };
    let arguments = arguments(handler, &from, &reject);
    let reply = reply(handler, "stream", "record_reply");
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        for record in event.records() {
            #arguments
            #reply
            if let ::core::result::Result::Err(error) = reply(#call) {
                return ::skyloom::__private::stream::record_failed(record, error);
            }
        }
        ::skyloom::__private::stream::batch_done()
    }
}

fn batch(handler: &Handler, mapping: &Stream) -> TokenStream {
    let open = open_batch(mapping);
    let from = quote_spanned! {Span::mixed_site()=> &event };
    let reject = quote_spanned! {Span::mixed_site()=>
        ::skyloom::__private::stream::batch_reply(
            &event,
            ::core::result::Result::<(), _>::Err(::skyloom::__private::stream::reject(rejection)),
        )
    };
    let arguments = arguments(handler, &from, &reject);
    let reply = match &mapping.tumbling {
        Some(Tumbling { state, .. }) => window_reply(handler, state),
        None => reply(handler, "stream", "batch_reply"),
    };
    let call = called(handler);
    quote_spanned! {Span::mixed_site()=>
        #open
        #arguments
        #reply
        reply(&event, #call)
    }
}

/// `event`, with the records that are meant: those of the entities that the handler takes, and of a range of numbers those
/// in it, where Lambda lets all through.
fn open_batch(mapping: &Stream) -> TokenStream {
    let table = &mapping.table;
    let has_range = mapping.filters.iter().flatten().any(filter::has_range);
    let open = format_ident!("{}", if has_range { "open_within" } else { "open" });
    // The registration's own name, which has the hygiene of the place where the macro is called.
    let entry = Ident::new("__SKYLOOM_ENTRY", Span::call_site());
    opened(
        &quote_spanned! {Span::mixed_site()=> stream::#open::<#table> },
        &quote_spanned! {Span::mixed_site()=> payload, &#entry.trigger },
    )
}

/// `event`, of an `open` that fails as a function does.
pub(super) fn opened(open: &TokenStream, from: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        let event = match ::skyloom::__private::#open(#from) {
            ::core::result::Result::Ok(event) => event,
            ::core::result::Result::Err(failure) => return ::core::result::Result::Err(failure),
        };
    }
}

/// Each argument in turn. Its type is named by the user's own tokens, so that a wrong one is an error under it.
pub(super) fn arguments(handler: &Handler, from: &TokenStream, reject: &TokenStream) -> TokenStream {
    let event = event(&handler.trigger);
    let decode = |(ty, variable)| {
        let values = quote_spanned! {Span::mixed_site()=> #from, scope };
        let decoded = decoded(ty, &event, &values);
        quote_spanned! {Span::mixed_site()=>
            let #variable = match #decoded {
                ::core::result::Result::Ok(argument) => argument,
                ::core::result::Result::Err(rejection) => return #reject,
            };
        }
    };
    handler.arguments.iter().zip(variables(handler)).map(decode).collect()
}

fn decoded(ty: &Type, event: &TokenStream, values: &TokenStream) -> TokenStream {
    let (ty, span) = gathered(ty);
    quote_spanned! {span=> <#ty as ::skyloom::FromEvent<#event>>::from_event(#values).await }
}

fn variables(handler: &Handler) -> impl Iterator<Item = Ident> {
    (0..handler.arguments.len()).map(|number| format_ident!("argument_{number}", span = Span::mixed_site()))
}

pub(super) fn called(handler: &Handler) -> TokenStream {
    let (name, variables) = (&handler.name, variables(handler));
    quote_spanned! {Span::mixed_site()=> #name(#(#variables),*).await }
}

/// `reply`, the framework's function for the type that the handler returns, so that a wrong one is an error under it.
pub(super) fn reply(handler: &Handler, module: &str, function: &str) -> TokenStream {
    let (module, function) = (format_ident!("{module}"), format_ident!("{function}"));
    let path = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::#module::#function };
    match (&handler.trigger, &handler.output) {
        (Trigger::Authorizer(authorizer), _) => {
            let (principal, place) = gathered(&authorizer.principal);
            quote_spanned! {at(place)=> let reply = #path::<#principal, _>; }
        }
        (_, ReturnType::Default) => quote_spanned! {at(handler.name.span())=> let reply = #path::<()>; },
        (_, ReturnType::Type(_, ty)) if has_no_name(ty) => quote_spanned! {at(ty.span())=> let reply = #path::<_>; },
        (_, ReturnType::Type(_, ty)) => quote_spanned! {at(ty.span())=> let reply = #path::<#ty>; },
    }
}

/// `reply` of a handler that returns the state of a window.
fn window_reply(handler: &Handler, state: &Type) -> TokenStream {
    let path = quote_spanned! {Span::mixed_site()=> ::skyloom::__private::stream::window_reply };
    match &handler.output {
        ReturnType::Default => quote_spanned! {at(handler.name.span())=> let reply = #path::<#state, ()>; },
        ReturnType::Type(_, ty) => quote_spanned! {at(ty.span())=> let reply = #path::<#state, #ty>; },
    }
}

/// Whether there is an `impl Trait` in it.
pub(in crate::handler) fn has_no_name(ty: &Type) -> bool {
    struct Finder(bool);
    impl Visit<'_> for Finder {
        fn visit_type_impl_trait(&mut self, _: &TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}
