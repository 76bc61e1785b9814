//! `identity(header = "x-token", query = "tenant")`: what of a request says who calls.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use skyloom_manifest::rules;
use syn::{LitStr, Type};

use super::cache::check_names;
use crate::{errors::Errors, setting::Setting, settings::Settings, types};

/// Parts of a request, as the variants of `IdentityEntry` and their names.
pub(super) struct Identity(Vec<(&'static str, LitStr)>);

const EXAMPLE: &str = "header = \"x-token\"";
const SOURCES: [(&str, &str); 4] =
    [("header", "Header"), ("query", "Query"), ("stage_variable", "StageVariable"), ("context", "Context")];
/// Arguments that are the token.
const TOKENS: [&str; 2] = ["BearerToken", "AuthorizationToken"];
/// Arguments that an authorizer which is told the token alone cannot have.
const OF_REQUEST: [&str; 4] = ["Header", "Query", "Path", "RequestContext"];

/// Nothing where the function is asked about a bearer token alone.
pub(super) fn read(
    arguments: &[Type],
    cache: u32,
    token_header: Option<&LitStr>,
    settings: &Settings,
    errors: &mut Errors,
) -> Option<Identity> {
    let takes = |names: &[&str]| {
        let is_one = |ty: &&Type| names.iter().any(|name| types::is_named(types::unwrapped(ty), name));
        arguments.iter().find(is_one)
    };
    let (token, request) = (takes(&TOKENS), takes(&OF_REQUEST));
    let Some(setting) = settings.find("identity") else {
        request?;
        if token.is_some() {
            let authorization = || LitStr::new("Authorization", proc_macro2::Span::call_site());
            return Some(Identity(vec![("Header", token_header.cloned().unwrap_or_else(authorization))]));
        }
        if let Some(setting) = settings.find("cache").filter(|_| cache > 0) {
            errors.push(
                &setting.name,
                format!("an answer is reused for the same caller: say what of a request says who calls, `identity({EXAMPLE})`"),
            );
        }
        return Some(Identity(Vec::new()));
    };
    let identity = sources(setting, errors)?;
    let header = token_header.map_or_else(|| "Authorization".to_owned(), LitStr::value);
    if let Some(token) = token.filter(|_| !identity.has_header(&header)) {
        let lower = header.to_ascii_lowercase();
        errors.push(
            token,
            format!(
                "the token comes in `{header}`, by which this authorizer is not asked: add `header = \"{lower}\"` to its `identity`"
            ),
        );
    }
    Some(identity)
}

fn sources(setting: &Setting, errors: &mut Errors) -> Option<Identity> {
    let nested = errors.keep(setting.nested(EXAMPLE))?;
    let settings = Settings::of(nested, "identity(…)", &SOURCES.map(|(name, _)| name), errors);
    let mut sources = Vec::new();
    for (name, variant) in SOURCES {
        let names = settings.read(name, errors, |it| it.text_or_texts("x-token")).unwrap_or_default();
        match name {
            "header" => check_names(&names, rules::check_header_name, errors),
            "context" => check_names(&names, |name| rules::check_identity_context(name, None), errors),
            _ => check_names(&names, rules::check_parameter_name, errors),
        }
        sources.extend(names.into_iter().map(|name| (variant, name)));
    }
    if sources.is_empty() {
        errors.push(&setting.name, format!("say what of a request says who calls: write `identity({EXAMPLE})`"));
    }
    Some(Identity(sources))
}

impl Identity {
    fn has_header(&self, header: &str) -> bool {
        let is_it = |(kind, name): &(&str, LitStr)| *kind == "Header" && name.value().eq_ignore_ascii_case(header);
        self.0.iter().any(is_it)
    }
}

pub(super) fn expand(identity: &Identity) -> TokenStream {
    let sources = identity.0.iter().map(|(variant, name)| {
        let variant = format_ident!("{variant}");
        quote! { ::skyloom::__private::IdentityEntry::#variant(#name) }
    });
    quote! { &[#(#sources),*] }
}
