use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;

use super::model::{Attribute, Client, Devices, Group, Mfa, Password, UserPool};
use crate::{
    names, oauth,
    registration::{register, source},
};

pub(super) fn expand(pool: &UserPool) -> TokenStream {
    let entry = register("USER_POOLS", "UserPoolEntry", &entry(pool));
    let principal = principal(&pool.name);
    quote! {
        #principal
        const _: () = { #entry };
    }
}

/// What routes name the pool for.
pub(super) fn principal(name: &Ident) -> TokenStream {
    let text = names::text(name);
    let argument = argument(name);
    quote! {
        impl ::skyloom::Principal for #name {
            const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::UserPool(#text);
        }
        impl ::skyloom::__private::bridge::SignsIn for #name {
            const USER_POOL: &'static str = #text;
        }
        #argument
    }
}

/// That the claims cannot be read into the type is an error under its name.
fn argument(name: &Ident) -> TokenStream {
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
    let options = options(pool);
    let oauth = oauth::entry(&pool.oauth);
    quote! {
        ::skyloom::__private::UserPoolEntry {
            name: #name,
            source: #source,
            sign_in: ::skyloom::__private::SignIn::#sign_in,
            self_sign_up: #self_sign_up,
            groups: &[#(#groups),*],
            options: #options,
            oauth: #oauth,
        }
    }
}

/// Only what is said: the rest is what it is in a pool that says nothing.
fn options(pool: &UserPool) -> TokenStream {
    let mut said = Vec::new();
    said.extend(pool.mfa.as_ref().map(mfa));
    said.extend(pool.password.as_ref().map(password));
    said.extend(pool.client.as_ref().map(client));
    if !pool.group_options.is_empty() {
        let groups = pool.group_options.iter().map(group);
        said.push(quote! { groups: &[#(#groups),*] });
    }
    said.extend(pool.devices.as_ref().map(devices));
    if !pool.attributes.is_empty() {
        let attributes = pool.attributes.iter().map(attribute);
        said.push(quote! { attributes: &[#(#attributes),*] });
    }
    if !pool.required.is_empty() {
        let required = &pool.required;
        said.push(quote! { required: &[#(#required),*] });
    }
    with_defaults(&quote! { ::skyloom::__private::UserPoolOptions }, &said)
}

fn devices(devices: &Devices) -> TokenStream {
    let Devices { only_on_user_prompt, challenge_new } = devices;
    quote! {
        devices: ::core::option::Option::Some(::skyloom::__private::Devices {
            only_remembered_on_user_prompt: #only_on_user_prompt,
            challenge_required_on_new_device: #challenge_new,
        })
    }
}

fn with_defaults(ty: &TokenStream, said: &[TokenStream]) -> TokenStream {
    if said.is_empty() {
        quote! { #ty::DEFAULT }
    } else {
        quote! { #ty { #(#said,)* ..#ty::DEFAULT } }
    }
}

fn mfa(mfa: &Mfa) -> TokenStream {
    let Mfa { required, methods, email_identity } = mfa;
    let methods = methods.iter().map(|method| format_ident!("{method}"));
    let identity = option(email_identity.as_ref());
    quote! {
        mfa: ::core::option::Option::Some(::skyloom::__private::MfaEntry {
            required: #required,
            methods: &[#(::skyloom::__private::MfaMethod::#methods),*],
            email_identity: #identity,
        })
    }
}

fn password(password: &Password) -> TokenStream {
    let mut said: Vec<_> = password.min_length.map(|length| quote! { min_length: #length }).into_iter().collect();
    said.extend(password.classes.iter().map(|(class, needed)| {
        let class = format_ident!("{class}");
        quote! { #class: #needed }
    }));
    said.extend(password.temporary_days.map(|days| quote! { temporary_days: #days }));
    let policy = with_defaults(&quote! { ::skyloom::__private::PasswordPolicy }, &said);
    quote! { password: #policy }
}

fn client(client: &Client) -> TokenStream {
    let mut said: Vec<_> = client.secret.then(|| quote! { secret: true }).into_iter().collect();
    said.extend(client.flows.as_ref().map(|flows| {
        let flows = flows.iter().map(|flow| format_ident!("{flow}"));
        quote! { flows: &[#(::skyloom::__private::AuthFlow::#flows),*] }
    }));
    said.extend(client.lives.iter().map(|(token, seconds)| {
        let token = format_ident!("{token}");
        quote! { #token: #seconds }
    }));
    said.extend(client.rotation.map(|grace| quote! { rotation: ::core::option::Option::Some(#grace) }));
    let entry = with_defaults(&quote! { ::skyloom::__private::ClientEntry }, &said);
    quote! { client: #entry }
}

fn group(group: &Group) -> TokenStream {
    let Group { name, precedence, role } = group;
    let (precedence, role) = (option(precedence.as_ref()), option(role.as_ref()));
    quote! { ::skyloom::__private::GroupEntry { group: #name, precedence: #precedence, role: #role } }
}

fn attribute(attribute: &Attribute) -> TokenStream {
    let Attribute { name, data_type, min, max, immutable, writable } = attribute;
    let data_type = format_ident!("{data_type}");
    let (min, max) = (option(min.as_ref()), option(max.as_ref()));
    quote! {
        ::skyloom::__private::CustomAttributeEntry {
            name: #name,
            data_type: ::skyloom::__private::AttributeDataType::#data_type,
            min: #min,
            max: #max,
            immutable: #immutable,
            writable: #writable,
        }
    }
}

fn option(value: Option<&impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}
