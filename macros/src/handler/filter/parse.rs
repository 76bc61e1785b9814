//! The syntax of terms.

use syn::{
    Ident, Lit, RangeLimits, Token,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
    token,
};

use super::{
    EXAMPLE,
    test::{Operator, Range},
    texts,
};
use crate::setting::Value;

const OPERATORS: &str = "`=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `starts_with`, `ends_with`, `equals_ignore_case`, \
                         `exists` or, before one of the last four, `not`";

/// A term, not yet judged.
pub(super) enum RawTerm {
    /// `new.address.city = "Bern"`
    Test { subject: Ident, path: Vec<Ident>, operator: Operator },
    /// `any(…)`; each alternative is one term, or the terms of an `all(…)`.
    Group { word: Ident, of: Vec<Vec<RawTerm>> },
}

pub(super) fn terms(input: ParseStream<'_>) -> syn::Result<Vec<RawTerm>> {
    Ok(Punctuated::<RawTerm, Token![,]>::parse_terminated(input)?.into_iter().collect())
}

impl Parse for RawTerm {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(EXAMPLE));
        }
        let subject = input.call(Ident::parse_any)?;
        if input.peek(token::Paren) {
            return group(subject, input);
        }
        let mut path = Vec::new();
        while input.parse::<Option<Token![.]>>()?.is_some() {
            path.push(input.call(Ident::parse_any)?);
        }
        let operator = operator(input, path.last().unwrap_or(&subject))?;
        Ok(Self::Test { subject, path, operator })
    }
}

fn group(word: Ident, input: ParseStream<'_>) -> syn::Result<RawTerm> {
    if word != "any" {
        return Err(syn::Error::new_spanned(word, "terms are grouped by `any(…)`, and by `all(…)` in it"));
    }
    let content;
    parenthesized!(content in input);
    let alternatives = Punctuated::<Alternative, Token![,]>::parse_terminated(&content)?;
    Ok(RawTerm::Group { word, of: alternatives.into_iter().map(|it| it.0).collect() })
}

struct Alternative(Vec<RawTerm>);

impl Parse for Alternative {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Ident::peek_any) && input.peek2(token::Paren) && input.fork().call(Ident::parse_any)? == "all" {
            input.call(Ident::parse_any)?;
            let content;
            parenthesized!(content in input);
            return terms(&content).map(Self);
        }
        Ok(Self(vec![input.parse()?]))
    }
}

/// What follows a subject; `place` is what the error underlines if nothing does.
fn operator(input: ParseStream<'_>, place: &Ident) -> syn::Result<Operator> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(place, format!("a term says what has to be: write {OPERATORS} after it")));
    }
    if input.parse::<Option<Token![!=]>>()?.is_some() {
        return input.parse().map(Operator::NotEqual);
    }
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        return input.parse().map(Operator::Equal);
    }
    if let Some(comparison) = Operator::comparison(input)? {
        return Ok(comparison);
    }
    if input.parse::<Option<Token![in]>>()?.is_some() {
        return range(input).map(Operator::In);
    }
    word(input)
}

fn word(input: ParseStream<'_>) -> syn::Result<Operator> {
    let wrong = || input.error(format!("this is no operator of a filter: there are {OPERATORS}"));
    if !input.peek(Ident::peek_any) {
        return Err(wrong());
    }
    let mut word = input.fork().call(Ident::parse_any)?;
    let negated = word == "not";
    if negated {
        input.call(Ident::parse_any)?;
        if !input.peek(Ident::peek_any) {
            return Err(wrong());
        }
        word = input.fork().call(Ident::parse_any)?;
    }
    if !["exists", "starts_with", "ends_with", "equals_ignore_case"].iter().any(|known| word == known) {
        return Err(wrong());
    }
    input.call(Ident::parse_any)?;
    if word == "exists" {
        return Ok(Operator::Exists { negated });
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(&word, format!("a text follows: write `{word} \"text\"`")));
    }
    let value: Value = input.parse()?;
    Ok(Operator::Text { word, negated, value })
}

/// `10..=100`, `10..100`, `..5`
fn range(input: ParseStream<'_>) -> syn::Result<Range> {
    let end_of_term = |input: ParseStream<'_>| input.is_empty() || input.peek(Token![,]);
    let from: Option<Lit> = if input.peek(Token![..]) { None } else { Some(input.parse()?) };
    let limits: RangeLimits = input.parse()?;
    let to: Option<Lit> = if end_of_term(input) { None } else { Some(input.parse()?) };
    if from.is_none() && to.is_none() {
        return Err(syn::Error::new(limits.span(), "a range has an end: write `in 10..=100`"));
    }
    Ok(Range { from, inclusive: matches!(limits, RangeLimits::Closed(_)), to })
}

impl RawTerm {
    pub(super) fn is_group(&self) -> bool {
        matches!(self, Self::Group { .. })
    }

    /// What an error about the whole term underlines.
    pub(super) fn place(&self) -> &Ident {
        match self {
            Self::Test { subject, path, .. } => path.last().unwrap_or(subject),
            Self::Group { word, .. } => word,
        }
    }

    pub(super) fn same_subject(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group { .. }, Self::Group { .. }) => true,
            (Self::Test { subject, path, .. }, Self::Test { subject: other, path: other_path, .. }) => {
                subject == other && texts(path) == texts(other_path)
            }
            _ => false,
        }
    }
}
