//! `filter(new.status = "paid", old.status = "open", event = "insert")`: all its terms have to hold.

use skyloom_manifest::rules;
use syn::{
    Ident, Lit, LitStr, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{
    errors::Errors,
    names,
    setting::{Setting, Value},
    settings::{Settings, suggest},
};

/// One condition on a record.
pub(super) enum Term {
    /// `INSERT`, `MODIFY` or `REMOVE`, one of these.
    Event(Vec<&'static str>),
    /// An attribute of the item before or after.
    Attribute { image: Image, field: Ident, test: Test },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Image {
    New,
    Old,
}

/// What an attribute has to be.
pub(super) enum Test {
    Strings(Vec<String>),
    /// In decimal, as DynamoDB writes them.
    Numbers(Vec<String>),
    Bool(bool),
}

const EXAMPLE: &str = "write `filter(new.status = \"paid\")`, with `new.field`, `old.field` or `event` before the `=`";
const EVENTS: [(&str, &str); 3] = [("insert", "INSERT"), ("modify", "MODIFY"), ("remove", "REMOVE")];

/// All filters of a handler; a record that one of them matches is delivered.
pub(super) fn read_all(settings: &Settings, errors: &mut Errors) -> Vec<Vec<Term>> {
    let filters: Vec<&Setting> = settings.find_all("filter").collect();
    for extra in filters.iter().skip(rules::STREAM_FILTERS) {
        let most = rules::STREAM_FILTERS;
        errors.push(
            &extra.name,
            format!("AWS takes {most} filters of a stream: join some of them by lists, `[\"a\", \"b\"]`"),
        );
    }
    filters.into_iter().filter_map(|filter| errors.keep(read(filter))).collect()
}

fn read(setting: &Setting) -> syn::Result<Vec<Term>> {
    let Value::Group(_, tokens) = &setting.value else {
        return Err(syn::Error::new_spanned(
            &setting.name,
            format!("`filter` has its terms in parentheses: {EXAMPLE}"),
        ));
    };
    if tokens.is_empty() {
        return Err(syn::Error::new_spanned(&setting.name, format!("this filter has no term: {EXAMPLE}")));
    }
    let terms = Punctuated::<RawTerm, Token![,]>::parse_terminated.parse2(tokens.clone())?;
    let mut errors = Errors::default();
    check_repeated(&terms, &mut errors);
    let terms = terms.into_iter().filter_map(|term| errors.keep(term.read())).collect();
    errors.finish()?;
    Ok(terms)
}

/// A pattern of EventBridge has each field once, so that a second term would replace the first.
fn check_repeated(terms: &Punctuated<RawTerm, Token![,]>, errors: &mut Errors) {
    for (at, term) in terms.iter().enumerate() {
        if terms.iter().take(at).any(|other| other.same_subject(term)) {
            let message = "this filter has a term for it already: write the values as a list, `[\"a\", \"b\"]`";
            errors.push(term.field.as_ref().unwrap_or(&term.subject), message);
        }
    }
}

/// `new.status = "paid"`, not yet judged.
struct RawTerm {
    subject: Ident,
    field: Option<Ident>,
    value: Value,
}

impl Parse for RawTerm {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(EXAMPLE));
        }
        let subject = input.call(Ident::parse_any)?;
        let field = match input.parse::<Option<Token![.]>>()? {
            Some(_) => Some(input.call(Ident::parse_any)?),
            None => None,
        };
        if !input.peek(Token![=]) {
            return Err(syn::Error::new_spanned(
                field.as_ref().unwrap_or(&subject),
                format!("a term has a value: {EXAMPLE}"),
            ));
        }
        input.parse::<Token![=]>()?;
        Ok(Self { subject, field, value: input.parse()? })
    }
}

impl RawTerm {
    fn same_subject(&self, other: &Self) -> bool {
        self.subject == other.subject && self.field.as_ref().map(names::text) == other.field.as_ref().map(names::text)
    }

    fn read(self) -> syn::Result<Term> {
        let image = match (self.subject.to_string().as_str(), &self.field) {
            ("event", None) => return self.events().map(Term::Event),
            ("new", Some(_)) => Image::New,
            ("old", Some(_)) => Image::Old,
            _ => {
                return Err(syn::Error::new_spanned(
                    &self.subject,
                    format!("this is no subject of a filter: {EXAMPLE}"),
                ));
            }
        };
        let test = self.test()?;
        match self.field {
            Some(field) => Ok(Term::Attribute { image, field, test }),
            None => Err(syn::Error::new_spanned(&self.subject, EXAMPLE)),
        }
    }

    fn events(&self) -> syn::Result<Vec<&'static str>> {
        let mut events: Vec<&'static str> = Vec::new();
        for literal in self.literals()? {
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

    fn test(&self) -> syn::Result<Test> {
        let literals = self.literals()?;
        match literals {
            [Lit::Bool(value)] => Ok(Test::Bool(value.value)),
            [Lit::Str(_), ..] => literals.iter().map(string).collect::<syn::Result<_>>().map(Test::Strings),
            _ => literals.iter().map(number).collect::<syn::Result<_>>().map(Test::Numbers),
        }
    }

    /// The value, or the values of the list.
    fn literals(&self) -> syn::Result<&[Lit]> {
        let message =
            "a filter compares with a string, a number, `true` or `false`, or with a list of strings or numbers";
        match &self.value {
            Value::Literal(literal) => Ok(std::slice::from_ref(literal)),
            Value::List(_, literals) if !literals.is_empty() => Ok(literals),
            Value::List(bracket, _) => Err(syn::Error::new(bracket.span.join(), message)),
            Value::Range(first, _) => Err(syn::Error::new_spanned(first, message)),
            Value::Type(ty) => Err(syn::Error::new_spanned(ty, message)),
            Value::Flag | Value::Group(..) => Err(syn::Error::new_spanned(&self.subject, message)),
        }
    }
}

fn event(text: &LitStr) -> syn::Result<&'static str> {
    let value = text.value();
    EVENTS.iter().find(|(word, _)| *word == value).map(|(_, event)| *event).ok_or_else(|| {
        let message =
            suggest(&format!("`{value}` is no event of a stream"), &value, EVENTS.iter().map(|(word, _)| *word));
        syn::Error::new_spanned(text, message)
    })
}

fn string(literal: &Lit) -> syn::Result<String> {
    match literal {
        Lit::Str(text) => Ok(text.value()),
        other => Err(syn::Error::new_spanned(other, "a list has values of one type: this is no string")),
    }
}

fn number(literal: &Lit) -> syn::Result<String> {
    match literal {
        Lit::Int(number) => Ok(number.base10_digits().to_owned()),
        Lit::Float(number) => decimal(number.base10_digits()).ok_or_else(|| {
            syn::Error::new_spanned(
                number,
                "a stream's records have numbers in plain decimal: write it without exponent",
            )
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let setting = syn::parse_str(text).unwrap();
        let shown = match read(&setting) {
            Ok(terms) => terms.iter().map(show).collect::<Vec<_>>().join(" and "),
            Err(errors) => errors.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n"),
        };
        expected.assert_eq(&shown);
    }

    fn show(term: &Term) -> String {
        match term {
            Term::Event(events) => format!("event in {events:?}"),
            Term::Attribute { image, field, test } => {
                let image = if *image == Image::New { "new" } else { "old" };
                let test = match test {
                    Test::Strings(values) => format!("S {values:?}"),
                    Test::Numbers(values) => format!("N {values:?}"),
                    Test::Bool(value) => format!("BOOL {value}"),
                };
                format!("{image}.{field} in {test}")
            }
        }
    }

    #[test]
    fn a_term_is_about_the_event_or_a_field() {
        check(
            r#"filter(new.status = "paid", old.status = ["open", "held"], event = "modify",)"#,
            expect![[r#"new.status in S ["paid"] and old.status in S ["open", "held"] and event in ["MODIFY"]"#]],
        );
        check(
            "filter(new.total = -5, new.r#type = true)",
            expect![[r#"new.total in N ["-5"] and new.r#type in BOOL true"#]],
        );
        check("filter(new.rate = [1.50, 2.0, 10])", expect![[r#"new.rate in N ["1.5", "2", "10"]"#]]);
    }

    #[test]
    fn a_wrong_term_says_what_to_write() {
        check(
            "filter",
            expect![[
                r#"`filter` has its terms in parentheses: write `filter(new.status = "paid")`, with `new.field`, `old.field` or `event` before the `=`"#
            ]],
        );
        check(
            "filter()",
            expect![[
                r#"this filter has no term: write `filter(new.status = "paid")`, with `new.field`, `old.field` or `event` before the `=`"#
            ]],
        );
        check(
            "filter(status = 1)",
            expect![[
                r#"this is no subject of a filter: write `filter(new.status = "paid")`, with `new.field`, `old.field` or `event` before the `=`"#
            ]],
        );
        check(
            "filter(new.status)",
            expect![[
                r#"a term has a value: write `filter(new.status = "paid")`, with `new.field`, `old.field` or `event` before the `=`"#
            ]],
        );
        check("filter(event = \"inserted\")", expect!["`inserted` is no event of a stream: did you mean `insert`?"]);
        check("filter(event = [\"insert\", \"insert\"])", expect!["this event is in the list twice"]);
        check("filter(new.a = [\"x\", 1])", expect!["a list has values of one type: this is no string"]);
        check(
            "filter(new.a = 1e3)",
            expect!["a stream's records have numbers in plain decimal: write it without exponent"],
        );
        check(
            "filter(new.a = [])",
            expect![
                "a filter compares with a string, a number, `true` or `false`, or with a list of strings or numbers"
            ],
        );
        check("filter(new.a = 'c')", expect!["a filter compares with strings, numbers, `true` or `false`"]);
        check(
            "filter(new.a = 1, new.a = 2)",
            expect![[r#"this filter has a term for it already: write the values as a list, `["a", "b"]`"#]],
        );
    }
}
