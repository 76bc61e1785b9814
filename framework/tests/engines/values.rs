//! Every kind of value, written and read back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Json, Read, Scan, Table, Write, handler,
    table::{DataType, Error, Number, Set, to_item},
};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, Default, PartialEq, Table, Serialize, Deserialize)]
struct Value {
    #[partition_key]
    id: String,
    text: String,
    byte: u8,
    long: i64,
    half: f32,
    double: f64,
    exact: Number,
    yes: bool,
    letter: Option<char>,
    unit: (),
    bytes: Bytes,
    list: Vec<Number>,
    pair: (String, Option<i64>),
    map: BTreeMap<String, Vec<bool>>,
    numbered: BTreeMap<u8, String>,
    kind: Kind,
    kinds: Vec<Kind>,
    texts: Set<String>,
    numbers: Set<Number>,
    binaries: Set<Bytes>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Kind {
    #[default]
    Unit,
    Newtype(i64),
    Pair(String, bool),
    Struct {
        a: Option<u8>,
        b: Vec<Kind>,
    },
}

fn number(text: &str) -> Number {
    text.parse().expect("it is a number")
}

fn full() -> Value {
    Value {
        id: "full".into(),
        text: "\u{0}\t\"\\ é 山 \u{1f600}".into(),
        byte: 255,
        long: i64::MIN,
        half: 0.1,
        double: -1.5e-100,
        exact: number("-99999999999999999999.999999999999999999"),
        yes: true,
        letter: Some('ß'),
        unit: (),
        bytes: Bytes::from_static(&[0, 1, 127, 128, 255]),
        list: ["12345678901234567890123456789012345678", "0", "-0.5"].map(number).into(),
        pair: (String::new(), Some(0)),
        map: BTreeMap::from([(" ".to_owned(), vec![]), ("a.b #:".to_owned(), vec![true, false])]),
        numbered: BTreeMap::from([(7, "seven".to_owned())]),
        kind: Kind::Struct { a: None, b: vec![Kind::Unit, Kind::Pair("x".into(), true)] },
        kinds: vec![Kind::Newtype(-1), Kind::Struct { a: Some(0), b: vec![] }],
        texts: Set::from(["b".to_owned(), "é".to_owned(), "a".to_owned()]),
        numbers: ["100", "1e2", "-3.25", "1e-7"].map(number).into(),
        binaries: Set::from([Bytes::from_static(&[255]), Bytes::from_static(&[0, 0])]),
    }
}

/// The greatest numbers and the least.
fn extreme() -> Value {
    let (greatest, least) = ("9.9999999999999999999999999999999999999e125", "-1e-130");
    let list = [greatest, least, "-1e125", "1.0000000000000000000000000000000000001e-93"].map(number).into();
    Value { id: "extreme".into(), exact: number(greatest), list, ..Value::default() }
}

#[handler(invoke)]
async fn values(values: Write<Value>, reads: Read<Value>, scan: Scan<Value>) -> Json<Lines> {
    let empty = Value { id: "empty".into(), ..Value::default() };
    transcript! {
        values.put(&full());
        values.put(&empty);
        reads.get("full");
        reads.get("empty");
        as_written(&reads, &full());
        as_written(&reads, &empty);
        types(&scan);
        values.put(&extreme());
        as_written(&reads, &extreme());
        values.put(&Value { map: BTreeMap::from([(String::new(), vec![])]), ..full() });
        values.put(&Value { id: "long".into(), text: "x".repeat(390_000), ..Value::default() });
        values.put(&Value { id: "long".into(), text: "x".repeat(410_000), ..Value::default() });
    }
}

/// What is stored is what was sent.
async fn as_written(reads: &Read<Value>, value: &Value) -> Result<bool, Error> {
    let Some(stored) = reads.get_consistent(&value.id).await? else { return Ok(false) };
    Ok(to_item(&stored)? == to_item(value)?)
}

/// Which items have an attribute of the type that it is declared with.
async fn types(scan: &Scan<Value>) -> Result<Vec<(&'static str, usize)>, Error> {
    let counts = [
        ("list", Value::LIST.is_type(DataType::List)),
        ("pair", Value::PAIR.is_type(DataType::List)),
        ("map", Value::MAP.is_type(DataType::Map)),
        ("unit", Value::UNIT.is_type(DataType::Null)),
        ("bytes", Value::BYTES.is_type(DataType::Binary)),
        ("unit variant", Value::KIND.is_type(DataType::String)),
        ("struct variant", Value::KIND.is_type(DataType::Map)),
        ("set of strings", Value::TEXTS.is_type(DataType::StringSet)),
        ("set of numbers", Value::NUMBERS.is_type(DataType::NumberSet)),
        ("set of bytes", Value::BINARIES.is_type(DataType::BinarySet)),
    ];
    let mut found = Vec::new();
    for (name, condition) in counts {
        found.push((name, scan.filter(condition).count().await?));
    }
    Ok(found)
}
