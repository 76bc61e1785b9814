//! The terms of `filter(…)`, as the macro registers them, and what the compiler checks of them.

use skyloom_manifest::{AttributeType, Bound, Comparison, FilterKind, Image, StreamFilter, Term, Test};

use crate::{Key, Table, table::Attribute};

/// One term of `filter(…)`.
#[derive(Debug)]
pub enum FilterTerm {
    /// `event = "insert"`: `INSERT`, `MODIFY` or `REMOVE`.
    Event(&'static [&'static str]),
    /// `new.status = "paid"`.
    Attribute { image: Image, subject: Subject, within: &'static [&'static str], test: FilterTest },
    /// `any(…)`.
    Any(&'static [&'static [FilterTerm]]),
}

/// What an attribute must be.
#[derive(Debug)]
pub enum FilterTest {
    String(&'static [&'static str]),
    /// In decimal.
    Number(&'static [&'static str]),
    Bool(bool),
    Prefix(&'static [&'static str]),
    Suffix(&'static [&'static str]),
    EqualsIgnoreCase(&'static [&'static str]),
    AnythingBut(&'static FilterTest),
    Numeric(&'static [(Comparison, &'static str)]),
    Exists,
    NotExists,
}

/// The attribute that a term is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    name: &'static str,
    kind: FilterKind,
}

/// What a term compares with.
#[derive(Clone, Copy, Debug)]
pub enum Operand {
    String,
    Number,
    Bool,
    /// Nothing: it is about being there.
    Any,
}

/// The type of a field that a stream's filter can be about.
#[diagnostic::on_unimplemented(
    message = "a stream's filter cannot be about a `{Self}`",
    label = "no string, number, boolean or bytes",
    note = "EventBridge's patterns compare strings, numbers and booleans; `#[derive(Key)]` makes one of an enum without fields, and of a struct around one",
    note = "a field of a struct is named by its path: `new.address.city`"
)]
pub trait Filtered {
    /// How DynamoDB stores it.
    const KIND: FilterKind;
}

impl<K: Key> Filtered for K {
    const KIND: FilterKind = match K::TYPE {
        AttributeType::S => FilterKind::String,
        AttributeType::N => FilterKind::Number,
        AttributeType::B => FilterKind::Binary,
    };
}

impl<V: Filtered> Filtered for Option<V> {
    const KIND: FilterKind = V::KIND;
}

impl Filtered for bool {
    const KIND: FilterKind = FilterKind::Bool;
}

impl Filtered for f32 {
    const KIND: FilterKind = FilterKind::Number;
}

impl Filtered for f64 {
    const KIND: FilterKind = FilterKind::Number;
}

/// The attribute, if it can be compared with the operand.
#[track_caller]
pub const fn attribute<T, V: Filtered>(attribute: Attribute<T, V>, operand: Operand) -> Subject {
    check(V::KIND, operand);
    Subject { name: attribute.name(), kind: V::KIND }
}

/// The attribute, which has to be of the table's key.
#[track_caller]
pub const fn key_attribute<T: Table, V: Filtered>(attribute: Attribute<T, V>, operand: Operand) -> Subject {
    let name = attribute.name();
    let is_sort_key = match T::SORT_KEY {
        Some(sort_key) => equal(name, sort_key),
        None => false,
    };
    assert!(
        is_sort_key || equal(name, T::PARTITION_KEY),
        "this field is no part of the table's key: write `new` or `old` instead of `key`"
    );
    self::attribute(attribute, operand)
}

/// The attribute whose part `W` is compared; the way there is not walked, it only has to exist.
#[track_caller]
pub const fn nested<T, V, W: Filtered>(
    attribute: Attribute<T, V>,
    _way: fn(&V) -> Option<&W>,
    operand: Operand,
) -> Subject {
    check(W::KIND, operand);
    Subject { name: attribute.name(), kind: W::KIND }
}

#[track_caller]
const fn check(kind: FilterKind, operand: Operand) {
    match (kind, operand) {
        (_, Operand::Any)
        | (FilterKind::String, Operand::String)
        | (FilterKind::Number, Operand::Number)
        | (FilterKind::Bool, Operand::Bool) => {}
        (FilterKind::String, _) => panic!("this field is a string: compare it with a string, `\"text\"`"),
        (FilterKind::Number, _) => panic!("this field is a number: compare it with a number"),
        (FilterKind::Bool, _) => panic!("this field is a boolean: compare it with `true` or `false`"),
        (FilterKind::Binary, _) => panic!("this field has bytes, of which a filter says only `exists` or `not exists`"),
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A part of an item that may be left out: the way of a filter goes through it.
pub trait OptionPart {
    type Of;
    fn part(&self) -> Option<&Self::Of>;
}

impl<V> OptionPart for Option<V> {
    type Of = V;
    fn part(&self) -> Option<&V> {
        self.as_ref()
    }
}

/// A part of an item that is always there. It is implemented for references, so that method lookup prefers
/// [`OptionPart`] where both could be meant.
pub trait PlainPart<'a> {
    type Of;
    fn part(&self) -> Option<&'a Self::Of>;
}

impl<'a, V> PlainPart<'a> for &'a V {
    type Of = V;
    fn part(&self) -> Option<&'a V> {
        Some(self)
    }
}

/// The filter as the manifest has it.
pub(crate) fn filter(terms: &[FilterTerm]) -> StreamFilter {
    StreamFilter { terms: terms.iter().map(term).collect() }
}

fn term(term: &FilterTerm) -> Term {
    match term {
        FilterTerm::Event(names) => Term::Event { names: strings(names) },
        FilterTerm::Any(of) => Term::Any { of: of.iter().copied().map(filter).collect() },
        FilterTerm::Attribute { image, subject, within, test } => Term::Attribute {
            image: *image,
            attribute: subject.name.into(),
            within: strings(within),
            test: self::test(test, subject.kind),
        },
    }
}

fn test(test: &FilterTest, kind: FilterKind) -> Test {
    match test {
        FilterTest::String(values) => Test::String { equals: strings(values) },
        FilterTest::Number(values) => Test::Number { equals: strings(values) },
        FilterTest::Bool(value) => Test::Bool { equals: *value },
        FilterTest::Prefix(values) => Test::Prefix { of: strings(values) },
        FilterTest::Suffix(values) => Test::Suffix { of: strings(values) },
        FilterTest::EqualsIgnoreCase(values) => Test::EqualsIgnoreCase { to: strings(values) },
        FilterTest::AnythingBut(inner) => Test::AnythingBut { test: Box::new(self::test(inner, kind)) },
        FilterTest::Numeric(bounds) => {
            let bounds = bounds.iter().map(|(is, than)| Bound { is: *is, than: (*than).into() });
            Test::Numeric { bounds: bounds.collect() }
        }
        FilterTest::Exists => Test::Exists { kind },
        FilterTest::NotExists => Test::NotExists { kind },
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
