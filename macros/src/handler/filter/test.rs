//! What a term says of its subject.

use syn::{Ident, Lit, LitStr, Token, parse::ParseStream};

use crate::{setting::Value, settings::suggest};

/// What an attribute has to be.
pub(in crate::handler) enum Test {
    Strings(Vec<String>),
    /// In decimal, as DynamoDB writes them.
    Numbers(Vec<String>),
    Bool(bool),
    Prefix(Vec<String>),
    Suffix(Vec<String>),
    EqualsIgnoreCase(Vec<String>),
    /// Of strings or numbers.
    AnythingBut(Box<Self>),
    Numeric(Vec<(Comparison, String)>),
    Exists,
    NotExists,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::handler) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operator and its operands, not yet judged.
pub(super) enum Operator {
    Equal(Value),
    NotEqual(Value),
    Compare(Comparison, Lit),
    In(Range),
    /// `starts_with "a"`
    Text {
        word: Ident,
        negated: bool,
        value: Value,
    },
    Exists {
        negated: bool,
    },
}

pub(super) struct Range {
    pub(super) from: Option<Lit>,
    pub(super) inclusive: bool,
    pub(super) to: Option<Lit>,
}

const EVENTS: [(&str, &str); 3] = [("insert", "INSERT"), ("modify", "MODIFY"), ("remove", "REMOVE")];

impl Operator {
    /// `> 100`, if there is such an operator next.
    pub(super) fn comparison(input: ParseStream<'_>) -> syn::Result<Option<Self>> {
        let comparison = if input.parse::<Option<Token![<=]>>()?.is_some() {
            Comparison::LessOrEqual
        } else if input.parse::<Option<Token![>=]>>()?.is_some() {
            Comparison::GreaterOrEqual
        } else if input.parse::<Option<Token![<]>>()?.is_some() {
            Comparison::Less
        } else if input.parse::<Option<Token![>]>>()?.is_some() {
            Comparison::Greater
        } else {
            return Ok(None);
        };
        Ok(Some(Self::Compare(comparison, input.parse()?)))
    }

    /// The events that a term about `event` names.
    pub(super) fn events(&self, subject: &Ident) -> syn::Result<Vec<&'static str>> {
        let Self::Equal(value) = self else {
            return Err(syn::Error::new_spanned(
                subject,
                "an event is one of a few: write `event = [\"insert\", \"modify\"]`",
            ));
        };
        let mut events: Vec<&'static str> = Vec::new();
        for literal in literals(value, subject)? {
            let Lit::Str(text) = literal else {
                return Err(syn::Error::new_spanned(literal, "an event is a string: write `event = \"insert\"`"));
            };
            let event = event(text)?;
            if events.contains(&event) {
                return Err(syn::Error::new_spanned(text, "this event is in the list twice"));
            }
            events.push(event);
        }
        Ok(events)
    }

    pub(super) fn test(&self, subject: &Ident) -> syn::Result<Test> {
        match self {
            Self::Equal(value) => equal(value, subject),
            Self::NotEqual(value) => Ok(match equal(value, subject)? {
                Test::Bool(value) => Test::Bool(!value),
                test => Test::AnythingBut(Box::new(test)),
            }),
            Self::Compare(comparison, bound) => Ok(Test::Numeric(vec![(*comparison, bound_of(bound)?)])),
            Self::In(range) => range.test(),
            Self::Text { word, negated, value } => text(word, *negated, value),
            Self::Exists { negated: false } => Ok(Test::Exists),
            Self::Exists { negated: true } => Ok(Test::NotExists),
        }
    }
}

impl Range {
    fn test(&self) -> syn::Result<Test> {
        let from = self.from.as_ref().map(bound_of).transpose()?;
        let to = self.to.as_ref().map(bound_of).transpose()?;
        self.check_order(from.as_ref(), to.as_ref())?;
        let upper = if self.inclusive { Comparison::LessOrEqual } else { Comparison::Less };
        let bounds = from.map(|bound| (Comparison::GreaterOrEqual, bound)).into_iter();
        Ok(Test::Numeric(bounds.chain(to.map(|bound| (upper, bound))).collect()))
    }

    fn check_order(&self, from: Option<&String>, to: Option<&String>) -> syn::Result<()> {
        let [from, to] = [from, to].map(|bound| bound.and_then(|bound| bound.parse::<f64>().ok()));
        match (from, to) {
            (Some(from), Some(to)) if from > to || (from == to && !self.inclusive) => {
                Err(syn::Error::new_spanned(&self.to, "this range is empty: write the lesser number first"))
            }
            _ => Ok(()),
        }
    }
}

fn equal(value: &Value, subject: &Ident) -> syn::Result<Test> {
    let literals = literals(value, subject)?;
    match literals {
        [Lit::Bool(value)] => Ok(Test::Bool(value.value)),
        [Lit::Str(_), ..] => literals.iter().map(string).collect::<syn::Result<_>>().map(Test::Strings),
        _ => literals.iter().map(number).collect::<syn::Result<_>>().map(Test::Numbers),
    }
}

fn text(word: &Ident, negated: bool, value: &Value) -> syn::Result<Test> {
    let texts: Vec<String> = literals(value, word)?.iter().map(string).collect::<syn::Result<_>>()?;
    if word != "equals_ignore_case" && texts.iter().any(String::is_empty) {
        return Err(syn::Error::new_spanned(word, "every text does: leave this term out, or write `exists`"));
    }
    let test = match word.to_string().as_str() {
        "starts_with" => Test::Prefix(texts),
        "ends_with" => Test::Suffix(texts),
        _ => Test::EqualsIgnoreCase(texts),
    };
    Ok(if negated { Test::AnythingBut(Box::new(test)) } else { test })
}

/// The value, or the values of the list.
fn literals<'a>(value: &'a Value, place: &Ident) -> syn::Result<&'a [Lit]> {
    let message = "a filter compares with a string, a number, `true` or `false`, or with a list of strings or numbers";
    match value {
        Value::Literal(literal) => Ok(std::slice::from_ref(literal)),
        Value::List(_, literals) if !literals.is_empty() => Ok(literals),
        Value::List(bracket, _) => Err(syn::Error::new(bracket.span.join(), message)),
        Value::Type(ty) => Err(syn::Error::new_spanned(ty, message)),
        Value::Types(bracket, _) => Err(syn::Error::new(bracket.span.join(), message)),
        Value::Range(first, _) => Err(syn::Error::new_spanned(first, message)),
        Value::Call(name, ..) => Err(syn::Error::new_spanned(name, message)),
        Value::Flag | Value::Group(..) => Err(syn::Error::new_spanned(place, message)),
    }
}

fn event(text: &LitStr) -> syn::Result<&'static str> {
    let value = text.value();
    EVENTS.iter().find(|(word, _)| *word == value).map(|(_, event)| *event).ok_or_else(|| {
        let words = EVENTS.iter().map(|(word, _)| *word);
        syn::Error::new_spanned(text, suggest(&format!("`{value}` is no event of a stream"), &value, words))
    })
}

fn string(literal: &Lit) -> syn::Result<String> {
    match literal {
        Lit::Str(text) => Ok(text.value()),
        other => Err(syn::Error::new_spanned(other, "a list has values of one type: this is no string")),
    }
}

fn bound_of(literal: &Lit) -> syn::Result<String> {
    match literal {
        Lit::Int(_) | Lit::Float(_) => number(literal),
        other => Err(syn::Error::new_spanned(other, "only numbers are compared so: write `> 100`")),
    }
}

fn number(literal: &Lit) -> syn::Result<String> {
    match literal {
        Lit::Int(number) => Ok(number.base10_digits().to_owned()),
        Lit::Float(number) => decimal(number.base10_digits()).ok_or_else(|| {
            let message = "a stream's records have numbers in plain decimal: write it without exponent";
            syn::Error::new_spanned(number, message)
        }),
        other => Err(syn::Error::new_spanned(other, "a filter compares with strings, numbers, `true` or `false`")),
    }
}

/// DynamoDB writes `1.50` as `1.5` and `2.0` as `2`, and a filter compares the text.
fn decimal(digits: &str) -> Option<String> {
    if digits.contains(['e', 'E']) {
        return None;
    }
    Some(match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    })
}
