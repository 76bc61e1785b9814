//! `on_failure = queue("DeadLetters")`, another handler, or the ARN of what is there already.

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules::{self, Occasion};
use syn::{LitStr, parse::Parser};

use crate::{
    setting::{Setting, Value},
    settings::suggest,
};

/// Where Lambda tells of what became of its work.
pub(super) enum Destination {
    /// One of the application's: a variant of the framework's entry, and its name.
    Own(&'static str, LitStr),
    Arn(LitStr),
}

/// How one is named, of which service it is, the variant of the framework's entry, and an example of a name.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const KINDS: [Kind; 4] = [
    ("queue", "sqs", "Queue", "DeadLetters"),
    ("topic", "sns", "Topic", "DeadLetters"),
    ("bucket", "s3", "Bucket", "DeadLetters"),
    ("function", "lambda", "Function", "clean_up"),
];

pub(super) fn read(setting: &Setting, occasion: Occasion) -> syn::Result<Destination> {
    match &setting.value {
        Value::Call(kind, tokens) => {
            let (_, service, variant, example) = find(kind, occasion)?;
            let name = parse_name(kind, tokens, example)?;
            if service != "lambda" {
                checked(&name, rules::check_destination_name)?;
            }
            Ok(Destination::Own(variant, name))
        }
        Value::Literal(syn::Lit::Str(arn)) => {
            checked(arn, |arn| {
                rules::service_of_destination(arn).and_then(|service| rules::check_destination(service, occasion))
            })?;
            Ok(Destination::Arn(arn.clone()))
        }
        _ => Err(setting.wrong(&format!("names a destination: write {}", choices(&setting.name, occasion)))),
    }
}

fn find(kind: &syn::Ident, occasion: Occasion) -> syn::Result<Kind> {
    let word = kind.to_string();
    let known =
        || KINDS.iter().filter(|(_, service, ..)| occasion.services().contains(service)).map(|(word, ..)| *word);
    match KINDS.iter().find(|(known, ..)| *known == word) {
        Some(found) if occasion.services().contains(&found.1) => Ok(*found),
        Some((_, service, ..)) => {
            let message = rules::check_destination(service, occasion).err().unwrap_or_default();
            Err(syn::Error::new_spanned(kind, message))
        }
        None => {
            Err(syn::Error::new_spanned(kind, suggest(&format!("`{word}` is no kind of destination"), &word, known())))
        }
    }
}

/// `on_failure = queue("DeadLetters")`, `topic(…)`, `bucket(…)` or an ARN, "arn:…"
fn choices(option: &syn::Ident, occasion: Occasion) -> String {
    let kinds = KINDS.iter().filter(|(_, service, ..)| occasion.services().contains(service)).skip(1);
    let others: Vec<_> = kinds.map(|(word, ..)| format!("`{word}(…)`")).collect();
    format!("`{option} = queue(\"DeadLetters\")`, {} or an ARN, \"arn:…\"", others.join(", "))
}

fn parse_name(kind: &syn::Ident, tokens: &TokenStream, example: &str) -> syn::Result<LitStr> {
    let parser = |input: syn::parse::ParseStream<'_>| input.parse::<LitStr>();
    parser
        .parse2(tokens.clone())
        .map_err(|_| syn::Error::new_spanned(kind, format!("a destination has a name: write `{kind}(\"{example}\")`")))
}

fn checked(text: &LitStr, check: impl Fn(&str) -> Result<(), String>) -> syn::Result<()> {
    check(&text.value()).map_err(|message| syn::Error::new_spanned(text, message))
}

impl Destination {
    /// The handler that it names, if it is one.
    pub(super) fn function(&self) -> Option<&LitStr> {
        match self {
            Self::Own("Function", name) => Some(name),
            Self::Own(..) | Self::Arn(_) => None,
        }
    }

    /// The framework's entry.
    pub(super) fn expand(&self) -> TokenStream {
        let (variant, text) = match self {
            Self::Own(variant, name) => (*variant, name),
            Self::Arn(arn) => ("Arn", arn),
        };
        let variant = quote::format_ident!("{variant}");
        quote! { ::skyloom::__private::DestinationEntry::#variant(#text) }
    }
}
