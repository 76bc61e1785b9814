//! `tags(team = "shop", "cost-center" = "7")`, and `environment("CURRENCY", "EUR")`: names with their values.

use syn::{
    Ident, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::setting::{Setting, Value};

/// A name is a word, or a string where it is none; a value is a string.
pub(crate) struct Pair {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_text = input.peek(LitStr);
        let name = if is_text { input.parse()? } else { word(input)? };
        if is_text && input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        } else if !input.is_empty() {
            input.parse::<Token![=]>()?;
        }
        Self::of(name, input)
    }
}

fn word(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let word = input.call(Ident::parse_any)?;
    Ok(LitStr::new(&word.unraw().to_string(), word.span()))
}

impl Pair {
    /// With the value that follows. One that is missing is told at the name, since there is nothing behind it.
    fn of(name: LitStr, input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new_spanned(&name, "no value"));
        }
        Ok(Self { value: input.parse()?, name })
    }
}

/// The pairs in the parentheses of an option.
pub(crate) fn read(setting: &Setting, example: &str) -> syn::Result<Vec<Pair>> {
    let Value::Group(_, tokens) = &setting.value else {
        return Err(setting.wrong(&format!("is followed by parentheses: write `{}({example})`", setting.name)));
    };
    if tokens.is_empty() {
        return Err(setting.wrong(&format!("is empty: write `{}({example})`, or leave it out", setting.name)));
    }
    let pairs = Punctuated::<Pair, Token![,]>::parse_terminated.parse2(tokens.clone());
    pairs.map(|pairs| pairs.into_iter().collect()).map_err(|error| {
        let message =
            format!("`{}` has names and values, both strings: write `{}({example})`", setting.name, setting.name);
        syn::Error::new(error.span(), message)
    })
}
