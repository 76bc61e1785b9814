use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::model::UserPool;
use crate::{
    names, oauth,
    registration::{register, source},
};

pub(super) fn expand(pool: &UserPool) -> TokenStream {
    let name = &pool.name;
    let text = names::text(name);
    let entry = register("USER_POOLS", "UserPoolEntry", &entry(pool));
    let argument = argument(pool);
    quote! {
        impl ::skyloom::Principal for #name {
            const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::UserPool(#text);
        }
        impl ::skyloom::__private::bridge::SignsIn for #name {
            const USER_POOL: &'static str = #text;
        }
        #argument
        const _: () = { #entry };
    }
}

/// That the claims cannot be read into the type is an error under its name.
fn argument(pool: &UserPool) -> TokenStream {
    let name = &pool.name;
    quote_spanned! {name.span().resolved_at(Span::mixed_site())=>
        impl ::skyloom::FromEvent<::skyloom::__private::http::Http<#name>> for #name {
            async fn from_event<'a>(
                event: &'a ::skyloom::__private::RequestEvent<'a>,
                _: &'a ::skyloom::__private::Scope,
            ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                ::skyloom::__private::user_of_pool(event)
            }
        }
    }
}

fn entry(pool: &UserPool) -> TokenStream {
    let name = names::text(&pool.name);
    let source = source(&pool.name);
    let sign_in = format_ident!("{}", pool.sign_in);
    let UserPool { self_sign_up, groups, .. } = pool;
    let oauth = oauth::entry(&pool.oauth);
    quote! {
        ::skyloom::__private::UserPoolEntry {
            name: #name,
            source: #source,
            sign_in: ::skyloom::__private::SignIn::#sign_in,
            self_sign_up: #self_sign_up,
            groups: &[#(#groups),*],
            oauth: #oauth,
        }
    }
}
