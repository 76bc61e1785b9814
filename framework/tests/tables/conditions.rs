//! Conditions mean to DynamoDB what they mean in Rust: random ones over random items, compared with a model.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde::{Deserialize, Serialize};
use skyloom::{
    Document, Error, Scan, Table, Write, handler,
    table::{Attribute, Condition, DataType, DocumentPath, IntoPath},
};
use skyloom_local::Local;

const CASES: usize = 400;

#[derive(Clone, Debug, Table, Serialize, Deserialize)]
struct Thing {
    #[partition_key]
    id: u64,
    a: Option<i64>,
    b: Option<i64>,
    text: Option<String>,
    tags: Option<Vec<String>>,
    inner: Option<Inner>,
}

#[derive(Clone, Debug, Document, Serialize, Deserialize)]
struct Inner {
    n: Option<i64>,
}

/// A place that is looked at as a number, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    A,
    B,
    Inner,
    Text,
    Tag,
}

/// What is stored in a place.
#[derive(Clone, Debug, PartialEq)]
enum Stored {
    Number(i64),
    String(String),
}

#[derive(Clone, Copy, Debug)]
enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Debug)]
enum Test {
    Compare(Place, Compare, i64),
    Order(Place, Compare, Place),
    Between(Place, i64, i64),
    BetweenPlaces(Place, i64, Place),
    In(Place, Vec<i64>),
    Exists(Place),
    NotExists(Place),
    IsNumber(Place),
    BeginsWith(String),
    Contains(String),
    HasTag(String),
    SizeOfText(Compare, usize),
    SizeOfTags(Compare, usize),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

impl Place {
    fn attribute(self) -> Attribute<Thing, i64, DocumentPath> {
        match self {
            Self::A => Attribute::new("a").into_path(),
            Self::B => Attribute::new("b").into_path(),
            Self::Inner => Thing::INNER.then(Attribute::<Inner, i64>::new("n")),
            Self::Text => Attribute::new("text").into_path(),
            Self::Tag => Attribute::<Thing, Vec<i64>>::new("tags").at(0),
        }
    }

    fn of(self, thing: &Thing) -> Option<Stored> {
        let string = |text: &String| Stored::String(text.clone());
        match self {
            Self::A => thing.a.map(Stored::Number),
            Self::B => thing.b.map(Stored::Number),
            Self::Inner => thing.inner.as_ref()?.n.map(Stored::Number),
            Self::Text => thing.text.as_ref().map(string),
            Self::Tag => thing.tags.as_ref()?.first().map(string),
        }
    }
}

impl Compare {
    fn condition(self, place: Place, value: i64) -> Condition<Thing> {
        let place = place.attribute();
        match self {
            Self::Eq => place.eq(value),
            Self::Ne => place.ne(value),
            Self::Lt => place.lt(value),
            Self::Le => place.le(value),
            Self::Gt => place.gt(value),
            Self::Ge => place.ge(value),
        }
    }

    fn of_places(self, place: Place, other: Place) -> Condition<Thing> {
        let (place, other) = (place.attribute(), other.attribute());
        match self {
            Self::Eq | Self::Ne => place.eq(other),
            Self::Lt => place.lt(other),
            Self::Le => place.le(other),
            Self::Gt => place.gt(other),
            Self::Ge => place.ge(other),
        }
    }

    fn of_size(self, size: skyloom::table::Size<Thing>, other: usize) -> Condition<Thing> {
        match self {
            Self::Eq | Self::Ne => size.eq(other),
            Self::Lt => size.lt(other),
            Self::Le => size.le(other),
            Self::Gt => size.gt(other),
            Self::Ge => size.ge(other),
        }
    }

    fn holds<V: PartialOrd>(self, one: V, other: V) -> bool {
        match self {
            Self::Eq => one == other,
            Self::Ne => one != other,
            Self::Lt => one < other,
            Self::Le => one <= other,
            Self::Gt => one > other,
            Self::Ge => one >= other,
        }
    }

    /// What is asked where `<>` would be: of two attributes that may both be missing.
    fn or_eq(self) -> Self {
        if let Self::Ne = self { Self::Eq } else { self }
    }
}

impl Test {
    fn condition(&self) -> Condition<Thing> {
        match self {
            Self::Compare(place, how, value) => how.condition(*place, *value),
            Self::Order(place, how, other) => how.of_places(*place, *other),
            Self::Between(place, least, greatest) => place.attribute().between(*least, *greatest),
            Self::BetweenPlaces(place, least, greatest) => place.attribute().between(*least, greatest.attribute()),
            Self::In(place, values) => place.attribute().is_in(values.iter().copied()),
            Self::Exists(place) => place.attribute().exists(),
            Self::NotExists(place) => place.attribute().not_exists(),
            Self::IsNumber(place) => place.attribute().is_type(DataType::Number),
            Self::BeginsWith(prefix) => Thing::TEXT.begins_with(prefix),
            Self::Contains(part) => Thing::TEXT.contains(part),
            Self::HasTag(tag) => Thing::TAGS.contains(tag),
            Self::SizeOfText(how, size) => how.of_size(Thing::TEXT.size(), *size),
            Self::SizeOfTags(how, size) => how.of_size(Thing::TAGS.size(), *size),
            Self::And(one, other) => one.condition().and(other.condition()),
            Self::Or(one, other) => one.condition().or(other.condition()),
            Self::Not(test) => !test.condition(),
        }
    }

    fn holds(&self, thing: &Thing) -> bool {
        let number = |place: &Place| match place.of(thing) {
            Some(Stored::Number(number)) => Some(number),
            _ => None,
        };
        match self {
            Self::Compare(place, how, value) => match number(place) {
                Some(number) => how.holds(number, *value),
                None => matches!(how, Compare::Ne),
            },
            Self::Order(place, how, other) => match (place.of(thing), other.of(thing)) {
                (Some(Stored::Number(one)), Some(Stored::Number(other))) => how.or_eq().holds(one, other),
                (Some(Stored::String(one)), Some(Stored::String(other))) => how.or_eq().holds(one, other),
                _ => false,
            },
            Self::Between(place, least, greatest) => number(place).is_some_and(|it| (*least..=*greatest).contains(&it)),
            Self::BetweenPlaces(place, least, greatest) => match (number(place), number(greatest)) {
                (Some(number), Some(greatest)) => (*least..=greatest).contains(&number),
                _ => false,
            },
            Self::In(place, values) => number(place).is_some_and(|it| values.contains(&it)),
            Self::Exists(place) => place.of(thing).is_some(),
            Self::NotExists(place) => place.of(thing).is_none(),
            Self::IsNumber(place) => number(place).is_some(),
            Self::BeginsWith(prefix) => thing.text.as_ref().is_some_and(|text| text.starts_with(prefix)),
            Self::Contains(part) => thing.text.as_ref().is_some_and(|text| text.contains(part)),
            Self::HasTag(tag) => thing.tags.as_ref().is_some_and(|tags| tags.contains(tag)),
            Self::SizeOfText(how, size) => thing.text.as_ref().is_some_and(|it| how.or_eq().holds(it.len(), *size)),
            Self::SizeOfTags(how, size) => thing.tags.as_ref().is_some_and(|it| how.or_eq().holds(it.len(), *size)),
            Self::And(one, other) => one.holds(thing) && other.holds(thing),
            Self::Or(one, other) => one.holds(thing) || other.holds(thing),
            Self::Not(test) => !test.holds(thing),
        }
    }
}

/// Few values, so that they often meet.
fn number() -> impl Strategy<Value = i64> + Clone {
    -2..=2_i64
}

fn text() -> impl Strategy<Value = String> + Clone {
    "[ab]{1,2}"
}

fn thing() -> impl Strategy<Value = Thing> {
    let number = || prop::option::of(number());
    let tags = prop::option::of(prop::collection::vec(text(), 0..3));
    let inner = prop::option::of(number().prop_map(|n| Inner { n }));
    (number(), number(), prop::option::of(text()), tags, inner).prop_map(|(a, b, text, tags, inner)| Thing {
        id: 1,
        a,
        b,
        text,
        tags,
        inner,
    })
}

fn test() -> impl Strategy<Value = Test> {
    let place = || prop::sample::select(vec![Place::A, Place::B, Place::Inner, Place::Text, Place::Tag]);
    let places = move || (place(), place()).prop_filter("an attribute is not compared with itself", |(a, b)| a != b);
    let how = || {
        use Compare::{Eq, Ge, Gt, Le, Lt, Ne};
        prop::sample::select(vec![Eq, Ne, Lt, Le, Gt, Ge])
    };
    let leaf = prop_oneof![
        (place(), how(), number()).prop_map(|(place, how, value)| Test::Compare(place, how, value)),
        (places(), how()).prop_map(|((place, other), how)| Test::Order(place, how, other)),
        (place(), number(), number()).prop_map(|(place, a, b)| Test::Between(place, a.min(b), a.max(b))),
        (places(), number()).prop_map(|((place, other), least)| Test::BetweenPlaces(place, least, other)),
        (place(), prop::collection::vec(number(), 0..3)).prop_map(|(place, values)| Test::In(place, values)),
        place().prop_map(Test::Exists),
        place().prop_map(Test::NotExists),
        place().prop_map(Test::IsNumber),
        text().prop_map(Test::BeginsWith),
        text().prop_map(Test::Contains),
        text().prop_map(Test::HasTag),
        (how(), 0..3_usize).prop_map(|(how, size)| Test::SizeOfText(how, size)),
        (how(), 0..3_usize).prop_map(|(how, size)| Test::SizeOfTags(how, size)),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Test::And(one.into(), other.into())),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Test::Or(one.into(), other.into())),
            inner.prop_map(|test| Test::Not(test.into())),
        ]
    })
}

/// The same in every run.
fn cases() -> Vec<(Thing, Vec<Test>)> {
    let mut runner = TestRunner::deterministic();
    let case = (thing(), prop::collection::vec(test(), 8));
    (0..CASES / 8).map(|_| case.new_tree(&mut runner).expect("every case is valid").current()).collect()
}

#[handler(invoke)]
async fn judges(things: Scan<Thing>, writes: Write<Thing>) -> Result<(), Error> {
    for (thing, tests) in cases() {
        writes.put(&thing).await?;
        for test in tests {
            let found = things.filter(test.condition()).count().await?;
            assert_eq!(found == 1, test.holds(&thing), "{test:?} of {thing:?}");
        }
    }
    Ok(())
}

#[skyloom_local::test]
async fn a_condition_means_the_same_to_dynamodb_and_in_rust(app: Local) {
    app.invoke::<()>("judges", &()).await.unwrap();
}
