use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::{
    client::PoolClient,
    model::{Client, IdentityProvider, OAuth, ResourceServer},
};
use crate::{
    names,
    registration::{option, register, source},
};

/// What a pool registers of it.
pub(crate) fn entry(oauth: &OAuth) -> TokenStream {
    let OAuth { domain, client, resource_servers, identity_providers } = oauth;
    if domain.is_none() && client.is_none() && resource_servers.is_empty() && identity_providers.is_empty() {
        return quote! { ::skyloom::__private::OAuthEntry::NONE };
    }
    let domain = option(domain.as_ref());
    let client = option(client.as_ref().map(settings));
    let servers = resource_servers.iter().map(|ResourceServer { identifier, scopes }| {
        quote! { ::skyloom::__private::ResourceServerEntry { identifier: #identifier, scopes: &[#(#scopes),*] } }
    });
    let providers = identity_providers.iter().map(provider);
    quote! {
        ::skyloom::__private::OAuthEntry {
            domain: #domain,
            client: #client,
            resource_servers: &[#(#servers),*],
            identity_providers: &[#(#providers),*],
        }
    }
}

/// That the type is no secret is an error under it.
fn provider(provider: &IdentityProvider) -> TokenStream {
    let IdentityProvider { name, issuer, client_id, client_secret, scopes, attributes } = provider;
    let secret = quote_spanned! {client_secret.span()=> <#client_secret as ::skyloom::SecretValue>::NAME };
    let attributes = attributes.iter().map(|pair| {
        let (name, value) = (&pair.name, &pair.value);
        quote! { (#name, #value) }
    });
    quote! {
        ::skyloom::__private::IdentityProviderEntry {
            name: #name,
            issuer: #issuer,
            client_id: #client_id,
            client_secret: #secret,
            scopes: &[#(#scopes),*],
            attributes: &[#(#attributes),*],
        }
    }
}

fn settings(client: &Client) -> TokenStream {
    let Client { flows, scopes, callbacks, logouts, secret } = client;
    let flows = flows.iter().map(|flow| format_ident!("{flow}"));
    quote! {
        ::skyloom::__private::OAuthClientEntry {
            flows: &[#(::skyloom::__private::OAuthFlow::#flows),*],
            scopes: &[#(#scopes),*],
            callbacks: &[#(#callbacks),*],
            logouts: &[#(#logouts),*],
            secret: #secret,
        }
    }
}

/// That the type is no user pool is an error under it.
pub(super) fn client(client: &PoolClient) -> TokenStream {
    let PoolClient { name, pool, client } = client;
    let text = names::text(name);
    let source = source(name);
    let settings = settings(client);
    let pool = quote_spanned! {pool.span()=> <#pool as ::skyloom::__private::bridge::SignsIn>::USER_POOL };
    let entry = quote! {
        ::skyloom::__private::UserPoolClientEntry { name: #text, source: #source, pool: #pool, client: #settings }
    };
    let entry = register("USER_POOL_CLIENTS", "UserPoolClientEntry", &entry);
    quote! {
        impl ::skyloom::__private::bridge::ClientOfPool for #name {
            const USER_POOL: &'static str = #pool;
            const CLIENT: &'static str = #text;
        }
        const _: () = { #entry };
    }
}
