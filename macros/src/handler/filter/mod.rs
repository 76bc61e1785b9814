//! `filter(new.status = "paid", new.total > 100, any(old.status != "paid", event = "insert"))`.
//!
//! All terms of a filter have to hold. Which fields there are, and of which type, the expansion leaves to the compiler.

mod parse;
mod test;
#[cfg(test)]
mod tests;

use skyloom_manifest::rules;
use syn::{Ident, parse::Parser};

use self::parse::RawTerm;
pub(super) use self::test::{Comparison, Test};
use crate::{
    errors::Errors,
    names,
    setting::{Setting, Value},
    settings::Settings,
};

/// One condition on a record.
pub(super) enum Term {
    /// `INSERT`, `MODIFY` or `REMOVE`, one of these.
    Event(Vec<&'static str>),
    Attribute(Box<Attribute>),
    /// Of one of these all terms hold.
    Any(Vec<Vec<Self>>),
}

/// A condition on an attribute.
pub(super) struct Attribute {
    pub(super) image: Image,
    pub(super) field: Ident,
    /// The way into the field, if it is a struct.
    pub(super) within: Vec<Ident>,
    pub(super) test: Test,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Image {
    New,
    Old,
    Key,
}

const EXAMPLE: &str = "write `filter(new.status = \"paid\")`, with `new.field`, `old.field`, `key.field` or `event` at \
                       the beginning of a term";

/// All filters of a handler; a record that one of them matches is delivered.
pub(super) fn read_all(settings: &Settings, errors: &mut Errors) -> Vec<Vec<Term>> {
    let filters: Vec<&Setting> = settings.find_all("filter").collect();
    for extra in filters.iter().skip(rules::STREAM_FILTERS) {
        let most = rules::STREAM_FILTERS;
        errors.push(&extra.name, format!("AWS takes {most} filters of a stream: join some of them, `any(…, …)`"));
    }
    filters.into_iter().filter_map(|filter| errors.keep(read(filter))).collect()
}

fn read(setting: &Setting) -> syn::Result<Vec<Term>> {
    let Value::Group(_, tokens) = &setting.value else {
        let message = format!("`filter` has its terms in parentheses: {EXAMPLE}");
        return Err(syn::Error::new_spanned(&setting.name, message));
    };
    if tokens.is_empty() {
        return Err(syn::Error::new_spanned(&setting.name, format!("this filter has no term: {EXAMPLE}")));
    }
    let mut errors = Errors::default();
    let terms = read_terms(parse::terms.parse2(tokens.clone())?, &mut errors);
    errors.finish()?;
    Ok(terms)
}

fn read_terms(terms: Vec<RawTerm>, errors: &mut Errors) -> Vec<Term> {
    check_repeated(&terms, errors);
    terms.into_iter().filter_map(|term| read_term(term, errors)).collect()
}

/// A pattern of EventBridge has each field once, so that a second term would replace the first.
fn check_repeated(terms: &[RawTerm], errors: &mut Errors) {
    for (at, term) in terms.iter().enumerate() {
        if !terms.iter().take(at).any(|other| term.same_subject(other)) {
            continue;
        }
        let message = match term {
            RawTerm::Group { .. } => "a filter takes one `any`: write several `filter`s, or lists of values",
            RawTerm::Test { .. } => {
                "this filter has a term for it already: write the values as a list, `[\"a\", \"b\"]`, or as a range, \
                 `in 1..=9`"
            }
        };
        errors.push(term.place(), message);
    }
}

fn read_term(term: RawTerm, errors: &mut Errors) -> Option<Term> {
    match term {
        RawTerm::Group { word, of } if of.len() < 2 => {
            errors.push(word, "`any` has two terms at least, of which one has to hold");
            None
        }
        RawTerm::Group { word, of } if of.iter().flatten().any(RawTerm::is_group) => {
            errors.push(word, "an `any` holds no other: write its terms side by side");
            None
        }
        RawTerm::Group { of, .. } => Some(Term::Any(of.into_iter().map(|terms| read_terms(terms, errors)).collect())),
        RawTerm::Test { subject, path, operator } => {
            let image = match (subject.to_string().as_str(), path.is_empty()) {
                ("event", true) => return errors.keep(operator.events(&subject)).map(Term::Event),
                ("new", false) => Image::New,
                ("old", false) => Image::Old,
                ("key", false) => Image::Key,
                _ => {
                    errors.push(&subject, format!("this is no subject of a filter: {EXAMPLE}"));
                    return None;
                }
            };
            let test = errors.keep(operator.test(path.last().unwrap_or(&subject)));
            let mut path = path.into_iter();
            let field = path.next()?;
            Some(Term::Attribute(Box::new(Attribute { image, field, within: path.collect(), test: test? })))
        }
    }
}

/// `address.city`, as Rust's names without `r#`.
fn texts(path: &[Ident]) -> Vec<String> {
    path.iter().map(names::text).collect()
}
