//! `on_failure = queue("DeadLetters")`, or the ARN of what is there already.

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules;
use syn::{LitStr, parse::Parser};

use crate::{
    setting::{Setting, Value},
    settings::suggest,
};

/// Where Lambda tells of records that it gave up.
pub(super) enum Destination {
    /// One that the application has made: a variant of the framework's entry, and its name.
    Made(&'static str, LitStr),
    Arn(LitStr),
}

const KINDS: [(&str, &str); 3] = [("queue", "Queue"), ("topic", "Topic"), ("bucket", "Bucket")];

pub(super) fn read(setting: &Setting) -> syn::Result<Destination> {
    match &setting.value {
        Value::Call(kind, tokens) => {
            let word = kind.to_string();
            let (_, variant) = KINDS.iter().find(|(known, _)| *known == word).ok_or_else(|| {
                let what = format!("`{word}` is no kind of destination");
                syn::Error::new_spanned(kind, suggest(&what, &word, KINDS.iter().map(|(known, _)| *known)))
            })?;
            let name = parse_name(kind, tokens)?;
            checked(&name, rules::check_destination_name)?;
            Ok(Destination::Made(variant, name))
        }
        Value::Literal(syn::Lit::Str(arn)) => {
            checked(arn, |arn| rules::destination_service(arn).map(drop))?;
            Ok(Destination::Arn(arn.clone()))
        }
        _ => Err(setting.wrong(
            "names a destination: write `on_failure = queue(\"DeadLetters\")`, `topic(…)`, `bucket(…)` or an ARN, \"arn:…\"",
        )),
    }
}

fn parse_name(kind: &syn::Ident, tokens: &TokenStream) -> syn::Result<LitStr> {
    let parser = |input: syn::parse::ParseStream<'_>| input.parse::<LitStr>();
    parser.parse2(tokens.clone()).map_err(|_| {
        syn::Error::new_spanned(kind, format!("a destination has a name: write `{kind}(\"DeadLetters\")`"))
    })
}

fn checked(text: &LitStr, check: impl Fn(&str) -> Result<(), String>) -> syn::Result<()> {
    check(&text.value()).map_err(|message| syn::Error::new_spanned(text, message))
}

impl Destination {
    /// The framework's entry.
    pub(super) fn expand(&self) -> TokenStream {
        let (variant, text) = match self {
            Self::Made(variant, name) => (*variant, name),
            Self::Arn(arn) => ("Arn", arn),
        };
        let variant = quote::format_ident!("{variant}");
        quote! { ::skyloom::__private::DestinationEntry::#variant(#text) }
    }
}
