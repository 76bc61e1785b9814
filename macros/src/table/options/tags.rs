//! `tags(team = "shop", "cost-center" = "7")`

use skyloom_manifest::rules;
use syn::{
    Ident, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    errors::Errors,
    setting::{Setting, Value},
};

/// A key is a word, or a string where it is none.
struct Tag {
    key: LitStr,
    value: LitStr,
}

impl Parse for Tag {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = if input.peek(LitStr) {
            input.parse()?
        } else {
            let word = input.call(Ident::parse_any)?;
            LitStr::new(&word.unraw().to_string(), word.span())
        };
        input.parse::<Token![=]>()?;
        Ok(Self { key, value: input.parse()? })
    }
}

pub(super) fn read(setting: &Setting, errors: &mut Errors) -> Vec<(String, String)> {
    let Value::Group(_, tokens) = &setting.value else {
        errors.add(setting.wrong("is followed by parentheses: write `tags(team = \"shop\")`"));
        return Vec::new();
    };
    let parsed = Punctuated::<Tag, Token![,]>::parse_terminated.parse2(tokens.clone());
    let mut tags: Vec<(String, String)> = Vec::new();
    for Tag { key, value } in errors.keep(parsed).into_iter().flatten() {
        if tags.iter().any(|(other, _)| *other == key.value()) {
            errors.push(&key, format!("the tag `{}` is there twice: remove one of them", key.value()));
        }
        if tags.len() == rules::TAGS {
            errors.push(&key, format!("a table takes {} tags: remove this one", rules::TAGS));
        }
        for (text, checked) in
            [(&key, rules::check_tag_key(&key.value())), (&value, rules::check_tag_value(&value.value()))]
        {
            errors.keep(checked.map_err(|message| syn::Error::new_spanned(text, message)));
        }
        tags.push((key.value(), value.value()));
    }
    tags
}
