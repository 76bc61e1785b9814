use std::collections::{BTreeMap, HashMap, HashSet};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use bytes::Bytes;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::*;

#[track_caller]
fn check<T: Serialize>(value: &T, json: Expect) {
    json.assert_eq(&to_json(&to_item(value).unwrap()));
}

#[track_caller]
fn refused<T: Serialize>(value: &T, message: Expect) {
    message.assert_eq(&to_item(value).unwrap_err().to_string());
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let raw = RawValue::from_string(json.to_owned()).unwrap();
    parse_json(raw.get()).and_then(from_item).map_err(|error| error.to_string())
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct One<T> {
    value: T,
}

fn round_trip<T: Serialize + DeserializeOwned>(value: T) -> T {
    from_item::<One<T>>(to_item(&One { value }).unwrap()).unwrap().value
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Segment(i32, i32),
    Square { side: u8 },
    Maybe(Option<u8>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    text: String,
    letter: char,
    small: i8,
    large: u64,
    wide: i128,
    ratio: f64,
    half: f32,
    flag: bool,
    bytes: Bytes,
    none: Option<u8>,
    some: Option<Box<Everything>>,
    list: Vec<Option<u16>>,
    pair: (String, i64),
    by_name: HashMap<String, Shape>,
    by_number: BTreeMap<i64, Option<bool>>,
    unit: (),
}

#[test]
fn each_type_has_its_attribute() {
    let inner = Everything {
        text: String::new(),
        letter: 'ü',
        small: -8,
        large: u64::MAX,
        wide: -10_i128.pow(37),
        ratio: 0.1,
        half: 0.1,
        flag: true,
        bytes: Bytes::from_static(&[0, 255]),
        none: None,
        some: None,
        list: vec![Some(1), None],
        pair: ("a".into(), -1),
        by_name: HashMap::from([("c".into(), Shape::Circle(1.0))]),
        by_number: BTreeMap::from([(-5, None)]),
        unit: (),
    };
    check(
        &inner,
        expect![[
            r#"{"by_name":{"M":{"c":{"M":{"Circle":{"N":"1"}}}}},"by_number":{"M":{"-5":{"NULL":true}}},"bytes":{"B":"AP8="},"flag":{"BOOL":true},"half":{"N":"0.1"},"large":{"N":"18446744073709551615"},"letter":{"S":"ü"},"list":{"L":[{"N":"1"},{"NULL":true}]},"pair":{"L":[{"S":"a"},{"N":"-1"}]},"ratio":{"N":"0.1"},"small":{"N":"-8"},"text":{"S":""},"unit":{"NULL":true},"wide":{"N":"-10000000000000000000000000000000000000"}}"#
        ]],
    );
    assert_eq!(round_trip(inner.clone()), inner);
}

#[test]
fn variants_are_as_in_json() {
    let shapes =
        [Shape::Point, Shape::Circle(2.5), Shape::Segment(1, 2), Shape::Square { side: 3 }, Shape::Maybe(None)];
    check(
        &One { value: &shapes[..] },
        expect![[
            r#"{"value":{"L":[{"S":"Point"},{"M":{"Circle":{"N":"2.5"}}},{"M":{"Segment":{"L":[{"N":"1"},{"N":"2"}]}}},{"M":{"Square":{"M":{"side":{"N":"3"}}}}},{"M":{"Maybe":{"NULL":true}}}]}}"#
        ]],
    );
    assert_eq!(round_trip(shapes.to_vec()), shapes);
}

#[test]
fn numbers_keep_every_digit() {
    assert_eq!(round_trip(u64::MAX), u64::MAX);
    assert_eq!(round_trip(i64::MIN), i64::MIN);
    assert_eq!(round_trip(10_u128.pow(38) - 1), 10_u128.pow(38) - 1);
    assert_eq!(round_trip(f64::MIN_POSITIVE.sqrt() * 1e30), f64::MIN_POSITIVE.sqrt() * 1e30);
    check(&One { value: 1e100 }, expect![[r#"{"value":{"N":"1e100"}}"#]]);
    check(&One { value: 12_345_678.25 }, expect![[r#"{"value":{"N":"12345678.25"}}"#]]);
}

#[test]
fn numbers_that_dynamodb_lacks_are_refused_with_their_path() {
    refused(&One { value: vec![One { value: f64::NAN }] }, expect!["`value[0].value`: DynamoDB has no number for NaN"]);
    refused(&One { value: f64::NEG_INFINITY }, expect!["`value`: DynamoDB has no number for -inf"]);
    refused(
        &One { value: 1e300 },
        expect!["`value`: 1e300 is not between 1E-130 and 9.99E+125, where DynamoDB's numbers are"],
    );
    refused(
        &One { value: u128::MAX },
        expect!["`value`: 340282366920938463463374607431768211455 has more than the 38 digits of DynamoDB's numbers"],
    );
    refused(&One { value: Shape::Circle(f64::NAN) }, expect!["`value.Circle`: DynamoDB has no number for NaN"]);
}

#[test]
fn whole_numbers_are_read_however_they_are_written() {
    assert_eq!(read::<One<u8>>(r#"{"value":{"N":"1E+2"}}"#).unwrap().value, 100);
    assert_eq!(read::<One<i32>>(r#"{"value":{"N":"-5.0"}}"#).unwrap().value, -5);
    expect!["`value`: the number 256 is no u8"].assert_eq(&read::<One<u8>>(r#"{"value":{"N":"256"}}"#).unwrap_err());
    expect!["`value`: the number 1.5 is no u64"].assert_eq(&read::<One<u64>>(r#"{"value":{"N":"1.5"}}"#).unwrap_err());
}

#[test]
fn an_item_is_a_struct_or_a_map() {
    check(&BTreeMap::from([("a", 1)]), expect![[r#"{"a":{"N":"1"}}"#]]);
    refused(&5, expect!["an item is a struct or a map, and this is neither"]);
    refused(
        &One { value: BTreeMap::from([((1, 2), 3)]) },
        expect!["`value`: a key of a map has to be a string, a whole number, a boolean or a variant without fields"],
    );
    refused(
        &One { value: BTreeMap::from([("", 1)]) },
        expect!["`value`: a key of a map is empty, which DynamoDB refuses"],
    );
}

#[derive(Debug, PartialEq, Deserialize)]
struct Person {
    address: Address,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Address {
    lines: Vec<Line>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Line {
    zip: u32,
}

#[test]
fn an_error_names_its_place() {
    let json = |zip: &str| {
        format!(r#"{{"address":{{"M":{{"lines":{{"L":[{{"M":{{"zip":{{"N":"1"}}}}}},{{"M":{zip}}}]}}}}}}}}"#)
    };
    let error = |zip: &str| read::<Person>(&json(zip)).unwrap_err();
    expect![[r#"`address.lines[1].zip`: invalid type: string "x", expected u32"#]]
        .assert_eq(&error(r#"{"zip":{"S":"x"}}"#));
    expect!["`address.lines[1]`: missing field `zip`"].assert_eq(&error("{}"));
    assert_eq!(read::<Person>(&json(r#"{"zip":{"N":"2"}}"#)).unwrap().address.lines[1].zip, 2);
}

#[test]
fn an_error_names_the_variant_and_the_key_it_is_in() {
    let shape = |json: &str| read::<One<BTreeMap<String, Shape>>>(json).unwrap_err();
    expect![[r#"`value.a.Circle`: invalid type: string "x", expected f64"#]]
        .assert_eq(&shape(r#"{"value":{"M":{"a":{"M":{"Circle":{"S":"x"}}}}}}"#));
    expect!["`value.a.Segment[1]`: the number 1.5 is no i32"]
        .assert_eq(&shape(r#"{"value":{"M":{"a":{"M":{"Segment":{"L":[{"N":"1"},{"N":"1.5"}]}}}}}}"#));
    expect!["`value.a.Square.side`: the number 256 is no u8"]
        .assert_eq(&shape(r#"{"value":{"M":{"a":{"M":{"Square":{"M":{"side":{"N":"256"}}}}}}}}"#));
    expect!["`value.a.Point`: invalid type: newtype variant, expected a variant without fields"]
        .assert_eq(&shape(r#"{"value":{"M":{"a":{"M":{"Point":{"N":"1"}}}}}}"#));
    expect!["`value.x`: the number x is no u32"]
        .assert_eq(&read::<One<BTreeMap<u32, bool>>>(r#"{"value":{"M":{"x":{"BOOL":true}}}}"#).unwrap_err());
    refused(
        &One { value: BTreeMap::from([(7, vec![Shape::Point, Shape::Maybe(None), Shape::Circle(f64::NAN)])]) },
        expect!["`value.7[2].Circle`: DynamoDB has no number for NaN"],
    );
}

#[test]
fn a_type_is_not_taken_for_another() {
    expect!["`value`: invalid type: integer `5`, expected a string"]
        .assert_eq(&read::<One<String>>(r#"{"value":{"N":"5"}}"#).unwrap_err());
    expect![[r#"`value`: invalid type: string "true", expected a boolean"#]]
        .assert_eq(&read::<One<bool>>(r#"{"value":{"S":"true"}}"#).unwrap_err());
    expect!["`value`: invalid length 3, expected a list of 2"]
        .assert_eq(&read::<One<(u8, u8)>>(r#"{"value":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}}"#).unwrap_err());
    expect!["`value`: a variant is a string, or a map with the variant's name as its only key"]
        .assert_eq(&read::<One<Shape>>(r#"{"value":{"M":{}}}"#).unwrap_err());
    expect!["`value`: unknown variant `Cube`, expected one of `Point`, `Circle`, `Segment`, `Square`, `Maybe`"]
        .assert_eq(&read::<One<Shape>>(r#"{"value":{"S":"Cube"}}"#).unwrap_err());
}

#[test]
fn sets_are_read_as_lists_and_sets() {
    let set = read::<One<HashSet<String>>>(r#"{"value":{"SS":["a","b"]}}"#).unwrap().value;
    assert_eq!(set, HashSet::from(["a".into(), "b".into()]));
    assert_eq!(read::<One<Vec<u8>>>(r#"{"value":{"NS":["1","2"]}}"#).unwrap().value, [1, 2]);
    assert_eq!(read::<One<Vec<Bytes>>>(r#"{"value":{"BS":["AP8="]}}"#).unwrap().value, [vec![0, 255]]);
}

#[test]
fn unknown_attributes_are_ignored_and_null_is_none() {
    let json = r#"{"value":{"NULL":true},"other":{"M":{"deep":{"L":[{"BOOL":false}]}}}}"#;
    assert_eq!(read::<One<Option<String>>>(json).unwrap().value, None);
    assert_eq!(read::<One<Option<String>>>("{}").unwrap().value, None);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    #[serde(rename = "pk")]
    partition: String,
    #[serde(default)]
    view_count: u32,
    #[serde(alias = "colour")]
    color: Option<String>,
    #[serde(flatten)]
    audit: Audit,
    #[serde(flatten)]
    rest: BTreeMap<String, u64>,
    payment: Payment,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Audit {
    by: Option<String>,
    at: u64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Payment {
    Card { last_four: String, cents: u64 },
    Cash,
}

#[test]
fn serdes_attributes_work() {
    let json = r#"{"pk":{"S":"p"},"colour":{"S":"red"},"at":{"N":"7"},"extra":{"N":"9"},
        "payment":{"M":{"last_four":{"S":"4242"},"cents":{"N":"18446744073709551615"},"kind":{"S":"card"}}}}"#;
    let value: Attributes = read(json).unwrap();
    let payment = Payment::Card { last_four: "4242".into(), cents: u64::MAX };
    assert_eq!(
        value,
        Attributes {
            partition: "p".into(),
            view_count: 0,
            color: Some("red".into()),
            audit: Audit { by: None, at: 7 },
            rest: BTreeMap::from([("extra".into(), 9)]),
            payment,
        }
    );
    assert_eq!(from_item::<Attributes>(to_item(&value).unwrap()).unwrap(), value);
}

#[test]
fn a_field_that_is_none_is_absent_beside_flattened_fields_too() {
    let value = Attributes {
        partition: "p".into(),
        view_count: 1,
        color: None,
        audit: Audit { by: None, at: 7 },
        rest: BTreeMap::new(),
        payment: Payment::Cash,
    };
    check(
        &value,
        expect![[r#"{"at":{"N":"7"},"payment":{"M":{"kind":{"S":"cash"}}},"pk":{"S":"p"},"viewCount":{"N":"1"}}"#]],
    );
}

#[test]
fn maps_can_be_keyed_by_more_than_strings() {
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Size {
        Small,
    }
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Id(u32);
    let sizes = BTreeMap::from([(Size::Small, 1)]);
    let ids = BTreeMap::from([(Id(7), true)]);
    let flags = BTreeMap::from([(true, 'x')]);
    check(
        &One { value: (&sizes, &ids, &flags) },
        expect![[r#"{"value":{"L":[{"M":{"Small":{"N":"1"}}},{"M":{"7":{"BOOL":true}}},{"M":{"true":{"S":"x"}}}]}}"#]],
    );
    assert_eq!(round_trip(sizes).len(), 1);
    assert_eq!(round_trip(ids), BTreeMap::from([(Id(7), true)]));
    assert_eq!(round_trip(flags), BTreeMap::from([(true, 'x')]));
}

#[test]
fn each_way_to_tag_an_enum_is_read_back() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", content = "data")]
    enum Adjacent {
        Unit,
        New(u64),
        Pair(String, bool),
        Fields { at: Option<i8> },
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Number(u64),
        Text(String),
        Fields { at: i8 },
    }
    let adjacent = [Adjacent::Unit, Adjacent::New(1), Adjacent::Pair("a".into(), true), Adjacent::Fields { at: None }];
    check(
        &One { value: &adjacent[..] },
        expect![[
            r#"{"value":{"L":[{"M":{"kind":{"S":"Unit"}}},{"M":{"data":{"N":"1"},"kind":{"S":"New"}}},{"M":{"data":{"L":[{"S":"a"},{"BOOL":true}]},"kind":{"S":"Pair"}}},{"M":{"data":{"M":{}},"kind":{"S":"Fields"}}}]}}"#
        ]],
    );
    assert_eq!(round_trip(adjacent.to_vec()), adjacent);
    let untagged = || vec![Untagged::Number(u64::MAX), Untagged::Text("a".into()), Untagged::Fields { at: -1 }];
    assert_eq!(round_trip(untagged()), untagged());
}

#[test]
fn a_field_may_come_and_go_as_serde_lets_it() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Evolving {
        #[serde(default = "three")]
        stars: u8,
        #[serde(rename = "n", alias = "name")]
        title: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<String>,
    }
    fn three() -> u8 {
        3
    }
    let value = Evolving { stars: 3, title: "t".into(), lines: Vec::new() };
    check(&value, expect![[r#"{"n":{"S":"t"},"stars":{"N":"3"}}"#]]);
    assert_eq!(read::<Evolving>(r#"{"name":{"S":"t"}}"#).unwrap(), value);
    assert_eq!(read::<Evolving>(r#"{"n":{"S":"t"},"gone":{"SS":["a"]}}"#).unwrap(), value);
}

#[test]
fn json_that_is_no_item_is_refused() {
    for json in
        [r#"{"a":{}}"#, r#"{"a":{"S":"x","N":"1"}}"#, r#"{"a":{"X":"x"}}"#, r#"{"a":{"B":"%"}}"#, r#"{"a":5}"#, "[]"]
    {
        assert!(parse_json(json).is_err(), "{json}");
    }
}

#[test]
fn attributes_survive_json() {
    let item = Item::from([
        ("bs".into(), AttributeValue::Bs(vec![Blob::new([1])])),
        ("ss".into(), AttributeValue::Ss(vec!["a\"\n".into()])),
        ("ns".into(), AttributeValue::Ns(vec!["1.5".into()])),
    ]);
    assert_eq!(parse_json(&to_json(&item)).unwrap(), item);
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Point),
        (-1e100..1e100_f64).prop_map(Shape::Circle),
        any::<(i32, i32)>().prop_map(|(from, to)| Shape::Segment(from, to)),
        any::<u8>().prop_map(|side| Shape::Square { side }),
        any::<Option<u8>>().prop_map(Shape::Maybe),
    ]
}

type Scalars = (String, char, i8, u64, i64, f64, f32, bool, Vec<u8>, Option<u8>);

fn scalars() -> impl Strategy<Value = Scalars> {
    let float = prop_oneof![-1e120..1e120_f64, -1.0..1.0_f64];
    (
        any::<String>(),
        any::<char>(),
        any::<i8>(),
        any::<u64>(),
        any::<i64>(),
        float,
        -1e30..1e30_f32,
        any::<bool>(),
        any::<Vec<u8>>(),
        any::<Option<u8>>(),
    )
}

fn everything() -> impl Strategy<Value = Everything> {
    let lists = (any::<Vec<Option<u16>>>(), any::<(String, i64)>());
    let maps = (
        prop::collection::hash_map(
            any::<(char, String)>().prop_map(|(first, rest)| format!("{first}{rest}")),
            shapes(),
            0..4,
        ),
        prop::collection::btree_map(any::<i64>(), any::<Option<bool>>(), 0..4),
    );
    let leaf = (scalars(), lists, maps).prop_map(|(scalars, (list, pair), (by_name, by_number))| {
        let (text, letter, small, large, wide, ratio, half, flag, bytes, none) = scalars;
        let (bytes, wide) = (bytes.into(), i128::from(wide) * i128::from(i64::MAX));
        Everything {
            text,
            letter,
            small,
            large,
            wide,
            ratio,
            half,
            flag,
            bytes,
            none,
            some: None,
            list,
            pair,
            by_name,
            by_number,
            unit: (),
        }
    });
    leaf.prop_recursive(3, 6, 1, |inner| {
        (inner.clone(), inner).prop_map(|(outer, inner)| Everything { some: Some(Box::new(inner)), ..outer })
    })
}

fn field_names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &["text", "large", "wide", "ratio", "bytes", "some", "list", "pair", "by_name", "by_number"][..],
    )
}

fn attributes() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        any::<String>().prop_map(AttributeValue::S),
        "[-+0-9.eE]{1,50}".prop_map(AttributeValue::N),
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<Vec<u8>>().prop_map(|bytes| AttributeValue::B(Blob::new(bytes))),
        any::<Vec<String>>().prop_map(AttributeValue::Ss),
        Just(AttributeValue::Null(true)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            prop::collection::hash_map("Circle|Square|side|[a-z]", inner, 0..3).prop_map(AttributeValue::M),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_stored_is_read_back(value in everything()) {
        let item = to_item(&value).unwrap();
        prop_assert_eq!(&parse_json(&to_json(&item)).unwrap(), &item);
        prop_assert_eq!(from_item::<Everything>(item).unwrap(), value);
    }

    #[test]
    fn any_item_is_read_or_refused(name in field_names(), attribute in attributes()) {
        let item = Item::from([(name.to_owned(), attribute)]);
        let json = to_json(&item);
        prop_assert_eq!(&parse_json(&json).unwrap(), &item);
        let _ = read::<Everything>(&json);
    }
}
