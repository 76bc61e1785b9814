use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Path, spanned::Spanned};

use super::model::{Grants, IdentityPool, RuledRole};
use crate::{
    names,
    registration::{option, register, source},
};

pub(super) fn expand(pool: &IdentityPool) -> TokenStream {
    let name = &pool.name;
    let text = names::text(name);
    let entry = register("IDENTITY_POOLS", "IdentityPoolEntry", &entry(pool));
    let routes = pool.grants().flat_map(|grants| &grants.routes);
    quote! {
        impl ::skyloom::__private::bridge::GivesCredentials for #name {
            const IDENTITY_POOL: &'static str = #text;
        }
        const _: () = {
            #( #[allow(unused_imports)] use #routes as _; )*
            #entry
        };
    }
}

impl IdentityPool {
    fn grants(&self) -> impl Iterator<Item = &Grants> {
        let roles = self.roles.iter().map(|role| &role.grants);
        [&self.authenticated].into_iter().chain(&self.unauthenticated).chain(roles)
    }
}

fn entry(pool: &IdentityPool) -> TokenStream {
    let name = names::text(&pool.name);
    let source = source(&pool.name);
    let providers = pool.providers.iter().map(|ty| {
        quote_spanned! {ty.span()=> <#ty as ::skyloom::__private::bridge::SignsIn>::USER_POOL }
    });
    let authenticated = grants(&pool.authenticated);
    let unauthenticated = option(pool.unauthenticated.as_ref().map(grants));
    let roles = pool.roles.iter().map(role);
    let classic_flow = pool.classic_flow;
    let resolution = format_ident!("{}", pool.ambiguous_role_resolution);
    quote! {
        ::skyloom::__private::IdentityPoolEntry {
            name: #name,
            source: #source,
            providers: &[#(#providers),*],
            authenticated: #authenticated,
            unauthenticated: #unauthenticated,
            roles: &[#(#roles),*],
            classic_flow: #classic_flow,
            ambiguous_role_resolution: ::skyloom::__private::AmbiguousRoleResolution::#resolution,
        }
    }
}

fn role(role: &RuledRole) -> TokenStream {
    let RuledRole { name, claim, match_type, value, grants } = role;
    let match_type = format_ident!("{match_type}");
    let grants = self::grants(grants);
    quote! {
        ::skyloom::__private::RuledRoleEntry {
            name: #name,
            claim: #claim,
            match_type: ::skyloom::__private::MatchType::#match_type,
            value: #value,
            grants: #grants,
        }
    }
}

fn grants(grants: &Grants) -> TokenStream {
    let needs = grants.allow.iter().map(|ty| {
        quote_spanned! {ty.span()=>
            <#ty as ::skyloom::FromEvent<::skyloom::__private::identity::Identity>>::NEEDS
        }
    });
    let routes = grants.routes.iter().map(route);
    quote! {
        ::skyloom::__private::GrantsEntry {
            needs: ::skyloom::__private::Needs::All(&[#(#needs),*]),
            routes: &[#(#routes),*],
        }
    }
}

/// A handler is registered by the last part of its path.
fn route(path: &Path) -> String {
    path.segments.last().map(|segment| names::text(&segment.ident)).unwrap_or_default()
}
