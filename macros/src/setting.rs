//! One option in the syntax that all macros share, `memory = 256`, `bisect`, `filter(…)`, and what can be asked of it.

use std::ops::RangeInclusive;

use proc_macro2::TokenStream;
use skyloom_manifest::rules;
use syn::{
    Ident, Lit, LitFloat, LitInt, LitStr, Token, Type, bracketed,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

use crate::{duration, errors::Errors, settings::suggest};

/// One option: its name, and what it is set to.
pub(crate) struct Setting {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// `bisect`
    Flag,
    /// `memory = 256`
    Literal(Lit),
    /// `reads = 5..=500`
    Range(Lit, Lit),
    /// `groups = ["staff"]`
    List(token::Bracket, Vec<Lit>),
    /// `providers = [Shopper]`
    Types(token::Bracket, Vec<Type>),
    /// `auth = Shopper`
    Type(Box<Type>),
    /// `filter(…)`
    Group(token::Paren, TokenStream),
    /// `on_failure = queue(…)`
    Call(Ident, TokenStream),
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // A keyword is a name here, so that it is told to be no option instead of being a syntax error.
        let name = input.call(Ident::parse_any)?;
        let value = if input.peek(token::Paren) {
            let content;
            let paren = parenthesized!(content in input);
            Value::Group(paren, content.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            input.parse()?
        } else {
            Value::Flag
        };
        Ok(Self { name, value })
    }
}

/// What may follow `=`.
impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) || input.peek(Token![-]) {
            let literal = input.parse()?;
            return if input.peek(Token![..]) { range(literal, input) } else { Ok(Self::Literal(literal)) };
        }
        if input.peek(token::Bracket) {
            let content;
            let bracket = bracketed!(content in input);
            if !content.is_empty() && !content.peek(Lit) {
                let types = Punctuated::<Type, Token![,]>::parse_terminated(&content)?;
                return Ok(Self::Types(bracket, types.into_iter().collect()));
            }
            let items = Punctuated::<Lit, Token![,]>::parse_terminated(&content)?;
            return Ok(Self::List(bracket, items.into_iter().collect()));
        }
        if input.is_empty() || input.peek(Token![,]) {
            return Err(input.error("a value has to follow the `=`"));
        }
        if input.peek(Ident) && input.peek2(token::Paren) {
            let name = input.parse()?;
            let content;
            parenthesized!(content in input);
            return Ok(Self::Call(name, content.parse()?));
        }
        Type::without_plus(input).map(|ty| Self::Type(Box::new(ty)))
    }
}

/// What follows the first number of a range, whose last is always part of it.
fn range(first: Lit, input: ParseStream<'_>) -> syn::Result<Value> {
    if !input.peek(Token![..=]) {
        return Err(input.error("a range has its last number: write `..=`"));
    }
    input.parse::<Token![..=]>()?;
    Ok(Value::Range(first, input.parse()?))
}

impl Setting {
    /// `a = 1, b`
    pub(crate) fn parse_list(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        Ok(Punctuated::<Self, Token![,]>::parse_terminated(input)?.into_iter().collect())
    }

    /// The settings inside the parentheses of `cors(…)`.
    pub(crate) fn nested(&self, example: &str) -> syn::Result<Vec<Self>> {
        match &self.value {
            Value::Group(_, tokens) => Self::parse_list.parse2(tokens.clone()),
            _ => Err(self.wrong(&format!("is followed by parentheses: write `{}({example})`", self.name))),
        }
    }

    pub(crate) fn integer(&self, range: &RangeInclusive<u64>, unit: &str) -> syn::Result<u32> {
        let Value::Literal(Lit::Int(literal)) = &self.value else {
            return Err(self.wrong(&format!("is a whole number: write `{} = {}`", self.name, range.start())));
        };
        self.whole(literal, range, unit)
    }

    /// A whole number, or the first and the last of several.
    pub(crate) fn integer_or_range(
        &self,
        range: &RangeInclusive<u64>,
        example: &str,
    ) -> syn::Result<(u32, Option<u32>)> {
        let (first, last) = match &self.value {
            Value::Literal(Lit::Int(only)) => (only, None),
            Value::Range(Lit::Int(first), Lit::Int(last)) => (first, Some(last)),
            _ => return Err(self.wrong(&format!("is a whole number or a range: write `{} = {example}`", self.name))),
        };
        let least = self.whole(first, range, "")?;
        let Some(end) = last else { return Ok((least, None)) };
        let most = self.whole(end, range, "")?;
        if most < least {
            let message = format!("a range goes up: write `{} = {most}..={least}`", self.name);
            return Err(syn::Error::new_spanned(end, message));
        }
        Ok((least, Some(most)))
    }

    fn whole(&self, literal: &LitInt, range: &RangeInclusive<u64>, unit: &str) -> syn::Result<u32> {
        if !literal.suffix().is_empty() {
            return Err(syn::Error::new_spanned(
                literal,
                format!("a number has no suffix here: write `{} = {}`", self.name, literal.base10_digits()),
            ));
        }
        match literal.base10_parse() {
            Ok(value) => self.in_range(literal, value, range, unit),
            Err(_) => {
                Err(syn::Error::new_spanned(literal, out_of_range(&self.name, literal.base10_digits(), range, unit)))
            }
        }
    }

    /// A number from 0 to 1.
    pub(crate) fn probability(&self) -> syn::Result<LitFloat> {
        let number = match &self.value {
            Value::Literal(Lit::Float(number)) if number.suffix().is_empty() => number.clone(),
            Value::Literal(Lit::Int(number)) if number.suffix().is_empty() => {
                LitFloat::new(&format!("{}.0", number.base10_digits()), number.span())
            }
            _ => return Err(self.wrong(&format!("is a number from 0 to 1: write `{} = 0.1`", self.name))),
        };
        match number.base10_parse::<f64>() {
            Ok(value) if (0.0..=1.0).contains(&value) => Ok(number),
            _ => Err(self.wrong("is a probability: it has to be from 0, never, to 1, always")),
        }
    }

    /// A time as text with its unit, `"30s"`.
    pub(crate) fn seconds(&self, range: &RangeInclusive<u64>) -> syn::Result<u32> {
        match &self.value {
            Value::Literal(Lit::Str(text)) => {
                let seconds =
                    duration::seconds(&text.value()).map_err(|message| syn::Error::new_spanned(text, message))?;
                self.in_range(text, seconds, range, " s")
            }
            Value::Literal(Lit::Int(number)) => Err(syn::Error::new_spanned(
                number,
                format!("a time has a unit: write `{} = \"{}s\"`", self.name, number.base10_digits()),
            )),
            _ => Err(self.wrong(&format!("is a time with its unit: write `{} = \"30s\"`", self.name))),
        }
    }

    fn in_range(
        &self,
        tokens: impl quote::ToTokens,
        value: u64,
        range: &RangeInclusive<u64>,
        unit: &str,
    ) -> syn::Result<u32> {
        rules::check_range(&format!("`{}`", self.name), value, range, unit)
            .and_then(|()| u32::try_from(value).map_err(|error| error.to_string()))
            .map_err(|message| syn::Error::new_spanned(tokens, message))
    }

    pub(crate) fn text(&self, example: &str) -> syn::Result<&LitStr> {
        match &self.value {
            Value::Literal(Lit::Str(text)) => Ok(text),
            _ => Err(self.wrong(&format!("is a string: write `{} = \"{example}\"`", self.name))),
        }
    }

    /// One of a few words: its place in `choices`.
    pub(crate) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> syn::Result<T> {
        let words = || choices.iter().map(|(word, _)| *word);
        let text = self.text(words().next().unwrap_or_default())?;
        let value = text.value();
        choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice).ok_or_else(|| {
            let what = format!("`{value}` is no value of `{}`", self.name);
            syn::Error::new_spanned(text, suggest(&what, &value, words()))
        })
    }

    /// One string that is not empty, or a list of them.
    pub(crate) fn text_or_texts(&self, example: &str) -> syn::Result<Vec<LitStr>> {
        match &self.value {
            Value::Literal(Lit::Str(text)) if text.value().is_empty() => {
                Err(syn::Error::new_spanned(text, "this string is empty"))
            }
            Value::Literal(Lit::Str(text)) => Ok(vec![text.clone()]),
            Value::List(..) => self.texts(example),
            _ => self.text(example).map(|text| vec![text.clone()]),
        }
    }

    /// A list of strings that are not empty, each there once.
    pub(crate) fn texts(&self, example: &str) -> syn::Result<Vec<LitStr>> {
        let wrong = || self.wrong(&format!("is a list of strings: write `{} = [\"{example}\"]`", self.name));
        let Value::List(bracket, items) = &self.value else { return Err(wrong()) };
        if items.is_empty() {
            return Err(syn::Error::new(
                bracket.span.join(),
                format!("the list is empty: write `{} = [\"{example}\"]`, or leave the option out", self.name),
            ));
        }
        let mut errors = Errors::default();
        let mut texts: Vec<LitStr> = Vec::new();
        for item in items {
            match item {
                Lit::Str(text) if text.value().is_empty() => errors.push(text, "this string is empty"),
                Lit::Str(text) if texts.contains(text) => errors.push(text, "this string is in the list twice"),
                Lit::Str(text) => texts.push(text.clone()),
                other => errors.push(other, format!("this is no string: write `{} = [\"{example}\"]`", self.name)),
            }
        }
        errors.finish()?;
        Ok(texts)
    }

    pub(crate) fn ty(&self, example: &str) -> syn::Result<&Type> {
        match &self.value {
            Value::Type(ty) => Ok(ty),
            _ => Err(self.wrong(&format!("names a type: write `{} = {example}`", self.name))),
        }
    }

    /// A list of types, which may be empty.
    pub(crate) fn types(&self, example: &str) -> syn::Result<&[Type]> {
        match &self.value {
            Value::Types(_, types) => Ok(types),
            Value::List(_, items) if items.is_empty() => Ok(&[]),
            _ => Err(self.wrong(&format!("is a list of types: write `{} = [{example}]`", self.name))),
        }
    }

    pub(crate) fn boolean(&self) -> syn::Result<bool> {
        match &self.value {
            Value::Literal(Lit::Bool(literal)) => Ok(literal.value),
            _ => Err(self.wrong(&format!("is `true` or `false`: write `{} = false`", self.name))),
        }
    }

    /// `tracing`, or `tracing = false`.
    pub(crate) fn flag_or_boolean(&self) -> syn::Result<bool> {
        match &self.value {
            Value::Flag => Ok(true),
            _ => self.boolean(),
        }
    }

    /// A number of days, `30`, or a time of whole days, `"30d"`.
    pub(crate) fn days(&self, check: impl Fn(u64) -> Result<(), String>) -> syn::Result<u32> {
        const DAY: u64 = 24 * 60 * 60;
        let days = match &self.value {
            Value::Literal(Lit::Int(number)) if number.suffix().is_empty() => {
                number.base10_parse().map_err(|error| error.to_string())
            }
            Value::Literal(Lit::Str(text)) => match duration::seconds(&text.value()) {
                Ok(seconds) if seconds % DAY != 0 => {
                    Err(format!("a log is kept for whole days: write `\"{}d\"`", seconds / DAY + 1))
                }
                seconds => seconds.map(|seconds| seconds / DAY),
            },
            _ => return Err(self.wrong(&format!("is a number of days: write `{} = \"30d\"`", self.name))),
        };
        days.and_then(|days| check(days).map(|()| days))
            .and_then(|days| u32::try_from(days).map_err(|error| error.to_string()))
            .map_err(|message| match &self.value {
                Value::Literal(literal) => syn::Error::new_spanned(literal, message),
                _ => syn::Error::new_spanned(&self.name, message),
            })
    }

    pub(crate) fn flag(&self) -> syn::Result<bool> {
        match &self.value {
            Value::Flag => Ok(true),
            _ => Err(self.wrong(&format!("takes no value: write `{}`, or leave it out", self.name))),
        }
    }

    /// An error at the value, or at the name where there is none.
    pub(crate) fn wrong(&self, what: &str) -> syn::Error {
        let message = format!("`{}` {what}", self.name);
        match &self.value {
            Value::Flag => syn::Error::new_spanned(&self.name, message),
            Value::Literal(literal) => syn::Error::new_spanned(literal, message),
            Value::Range(first, last) => syn::Error::new_spanned(quote::quote!(#first #last), message),
            Value::List(bracket, _) | Value::Types(bracket, _) => syn::Error::new(bracket.span.join(), message),
            Value::Type(ty) => syn::Error::new_spanned(ty, message),
            Value::Group(paren, _) => syn::Error::new(paren.span.join(), message),
            Value::Call(name, ..) => syn::Error::new_spanned(name, message),
        }
    }
}

/// What [`rules::check_range`] says, of a number that is negative or longer than it takes.
fn out_of_range(name: &Ident, digits: &str, range: &RangeInclusive<u64>, unit: &str) -> String {
    format!("`{name}` is {digits}{unit}, but has to be from {} to {}{unit}", range.start(), range.end())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use syn::parse::Parser;

    use super::*;

    fn check<T: std::fmt::Debug>(text: &str, read: impl Fn(&Setting) -> syn::Result<T>, expected: Expect) {
        let settings = Setting::parse_list.parse_str(text).unwrap();
        let shown = match read(&settings[0]) {
            Ok(value) => format!("{value:?}"),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n"),
        };
        expected.assert_eq(&shown);
    }

    fn memory(setting: &Setting) -> syn::Result<u32> {
        setting.integer(&(128..=10_240), " MB")
    }

    #[test]
    fn a_number_is_whole_bare_and_in_range() {
        check("memory = 256", memory, expect!["256"]);
        check("memory = 0x100", memory, expect!["256"]);
        check("memory = 64", memory, expect!["`memory` is 64 MB, but has to be from 128 to 10240 MB"]);
        check("memory = 256u32", memory, expect!["a number has no suffix here: write `memory = 256`"]);
        check("memory = -1", memory, expect!["`memory` is -1 MB, but has to be from 128 to 10240 MB"]);
        check("memory = \"256\"", memory, expect!["`memory` is a whole number: write `memory = 128`"]);
        check("memory", memory, expect!["`memory` is a whole number: write `memory = 128`"]);
        check("memory(1)", memory, expect!["`memory` is a whole number: write `memory = 128`"]);
    }

    #[test]
    fn a_range_ends_where_it_begins_or_later() {
        let reads = |setting: &Setting| setting.integer_or_range(&(1..=1_000), "5..=500");
        check("reads = 5", reads, expect!["(5, None)"]);
        check("reads = 5..=500", reads, expect!["(5, Some(500))"]);
        check("reads = 5..=4", reads, expect!["a range goes up: write `reads = 4..=5`"]);
        check("reads = 0..=4", reads, expect!["`reads` is 0, but has to be from 1 to 1000"]);
        check("reads = 1.5..=4", reads, expect!["`reads` is a whole number or a range: write `reads = 5..=500`"]);
        let error = Setting::parse_list.parse_str("reads = 5..500").err().unwrap();
        assert_eq!(error.to_string(), "a range has its last number: write `..=`");
    }

    #[test]
    fn a_time_has_a_unit() {
        let timeout = |setting: &Setting| setting.seconds(&(1..=900));
        check("timeout = \"2m\"", timeout, expect!["120"]);
        check("timeout = 30", timeout, expect!["a time has a unit: write `timeout = \"30s\"`"]);
        check("timeout = \"16m\"", timeout, expect!["`timeout` is 960 s, but has to be from 1 to 900 s"]);
        check("timeout = Slow", timeout, expect!["`timeout` is a time with its unit: write `timeout = \"30s\"`"]);
    }

    #[test]
    fn days_are_a_number_or_a_time() {
        let days = |setting: &Setting| {
            setting.days(|days| if days < 40 { Ok(()) } else { Err(format!("{days} days are too long")) })
        };
        check("kept = 30", days, expect!["30"]);
        check("kept = \"30d\"", days, expect!["30"]);
        check("kept = \"48h\"", days, expect!["2"]);
        check("kept = \"25h\"", days, expect!["a log is kept for whole days: write `\"2d\"`"]);
        check("kept = 41", days, expect!["41 days are too long"]);
        check("kept = \"30\"", days, expect!["a time has a unit: write `30s`"]);
        check("kept", days, expect!["`kept` is a number of days: write `kept = \"30d\"`"]);
    }

    #[test]
    fn a_switch_is_on_where_it_has_no_value() {
        check("tracing", Setting::flag_or_boolean, expect!["true"]);
        check("tracing = false", Setting::flag_or_boolean, expect!["false"]);
        check(
            "tracing = 1",
            Setting::flag_or_boolean,
            expect!["`tracing` is `true` or `false`: write `tracing = false`"],
        );
    }

    #[test]
    fn a_list_has_strings_each_once() {
        let groups = |setting: &Setting| Ok(setting.texts("staff")?.iter().map(LitStr::value).collect::<Vec<_>>());
        check("groups = [\"a\", \"b\"]", groups, expect![[r#"["a", "b"]"#]]);
        check("groups = \"a\"", groups, expect!["`groups` is a list of strings: write `groups = [\"staff\"]`"]);
        check(
            "groups = []",
            groups,
            expect!["the list is empty: write `groups = [\"staff\"]`, or leave the option out"],
        );
        check(
            "groups = [\"a\", \"a\", \"\", 1]",
            groups,
            expect![[r#"
                this string is in the list twice
                this string is empty
                this is no string: write `groups = ["staff"]`"#]],
        );
    }

    #[test]
    fn a_wrong_word_names_the_nearest_or_all() {
        let view = |setting: &Setting| setting.choice(&[("latest", 1), ("trim-horizon", 2)]);
        check("position = \"trim-horizon\"", view, expect!["2"]);
        check(
            "position = \"trim_horizon\"",
            view,
            expect!["`trim_horizon` is no value of `position`: did you mean `trim-horizon`?"],
        );
        check(
            "position = \"now\"",
            view,
            expect!["`now` is no value of `position`: there are `latest`, `trim-horizon`"],
        );
    }
}
