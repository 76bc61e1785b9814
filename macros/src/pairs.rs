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
        if input.peek(LitStr) {
            let name = input.parse()?;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            } else {
                input.parse::<Token![=]>()?;
            }
            return Ok(Self { name, value: input.parse()? });
        }
        let word = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok(Self { name: LitStr::new(&word.unraw().to_string(), word.span()), value: input.parse()? })
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
