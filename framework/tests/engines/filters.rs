//! Conditions: every comparison, function and connective, asked of items that differ in what they have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Document, Json, Read, Table, Write, handler,
    table::{Condition, DataType, Error, Set},
};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, Table, Serialize, Deserialize)]
struct Thing {
    #[partition_key]
    shelf: u32,
    #[sort_key]
    id: u32,
    size: Option<i64>,
    least: Option<i64>,
    /// A reserved word, as `size` is.
    name: Option<String>,
    ratio: Option<f64>,
    new: Option<bool>,
    seal: Option<Bytes>,
    labels: Set<String>,
    codes: Set<u32>,
    lines: Option<Vec<Line>>,
    fees: BTreeMap<String, i64>,
    nothing: (),
}

#[derive(Clone, Debug, Document, Serialize, Deserialize)]
struct Line {
    sku: String,
    count: Option<i64>,
}

fn thing(id: u32) -> Thing {
    let line = |number: u32| Line { sku: format!("sku {number}"), count: (id != 4).then(|| i64::from(number)) };
    Thing {
        shelf: 1,
        id,
        size: (id != 3).then(|| i64::from(id) - 3),
        least: id.is_multiple_of(2).then_some(1),
        name: (id != 5).then(|| ["", "a", "ab", "abc", "b", "", "é", "zz"][id as usize % 8].to_owned()),
        ratio: id.is_multiple_of(3).then(|| f64::from(id) / 8.0),
        new: (id > 2).then_some(id % 2 == 1),
        seal: (id % 4 == 2).then(|| Bytes::from(vec![0, 200, id as u8])),
        labels: (0..id % 3).map(|label| format!("label {label}")).collect(),
        codes: (0..id % 4).collect(),
        lines: (id != 6).then(|| (0..id % 3).map(line).collect()),
        fees: (0..id % 2).map(|fee| (format!("eu.{fee}"), i64::from(id))).collect(),
        nothing: (),
    }
}

#[handler(invoke)]
async fn filters(things: Read<Thing>, writes: Write<Thing>) -> Json<Lines> {
    let all: Vec<_> = (0..8).map(thing).collect();
    let that = |condition: Condition<Thing>| ids(&things, condition);
    transcript! {
        writes.put_many(&all);
        that(Thing::SIZE.eq(1));
        that(Thing::SIZE.ne(1));
        that(Thing::SIZE.lt(0));
        that(Thing::SIZE.le(0));
        that(Thing::SIZE.gt(0));
        that(Thing::SIZE.ge(0));
        that(Thing::SIZE.between(-1, 2));
        that(Thing::SIZE.is_in([-3, 4, 9]));
        that(Thing::SIZE.is_in(0..60));
        that(Thing::SIZE.exists());
        that(Thing::SIZE.not_exists());
        that(Thing::SIZE.eq(Thing::LEAST));
        that(Thing::SIZE.gt(Thing::LEAST));
        that(Thing::LEAST.exists().and(Thing::SIZE.between(Thing::LEAST, 3)));
        that(Thing::RATIO.gt(0.3));
        that(Thing::NAME.eq(""));
        that(Thing::NAME.gt("ab"));
        that(Thing::NAME.between("a", "az"));
        that(Thing::NAME.begins_with("a"));
        that(Thing::NAME.begins_with(""));
        that(Thing::NAME.contains("b"));
        that(Thing::NAME.is_in(["a", "é"]));
        that(Thing::NAME.size().eq(2));
        that(Thing::NAME.exists().and(Thing::NAME.size().between(1, 2)));
        that(Thing::NAME.exists().and(Thing::NAME.size().ne(0)));
        that(Thing::NEW.eq(true));
        that(Thing::NEW.ne(true));
        that(Thing::SEAL.eq(Bytes::from_static(&[0, 200, 2])));
        that(Thing::SEAL.gt(Bytes::from_static(&[0, 200, 3])));
        that(Thing::SEAL.exists().and(Thing::SEAL.size().eq(3)));
        that(Thing::LABELS.contains("label 1"));
        that(Thing::LABELS.exists().and(Thing::LABELS.size().ge(2)));
        that(Thing::LABELS.not_exists());
        that(Thing::LABELS.eq(Set::from(["label 1".to_owned(), "label 0".to_owned()])));
        that(Thing::CODES.contains(2));
        that(Thing::CODES.exists().and(Thing::CODES.size().lt(3)));
        that(Thing::LINES.exists().and(Thing::LINES.size().le(1)));
        that(Thing::LINES.exists());
        that(Thing::LINES.at(1).exists());
        that(Thing::LINES.at(0).then(Line::SKU).eq("sku 0"));
        that(Thing::LINES.at(1).then(Line::COUNT).ge(1));
        that(Thing::LINES.at(9).then(Line::COUNT).not_exists());
        that(Thing::FEES.entry("eu.0").gt(2));
        that(Thing::FEES.entry("eu.0").exists());
        that(Thing::FEES.size().gt(0));
        that(Thing::FEES.entry("eu.0").eq(Thing::SIZE));
        that(Thing::SIZE.is_type(DataType::Number));
        that(Thing::NAME.is_type(DataType::String));
        that(Thing::NEW.is_type(DataType::Boolean));
        that(Thing::SEAL.is_type(DataType::Binary));
        that(Thing::LABELS.is_type(DataType::StringSet));
        that(Thing::CODES.is_type(DataType::NumberSet));
        that(Thing::LINES.is_type(DataType::List));
        that(Thing::FEES.is_type(DataType::Map));
        that(Thing::NOTHING.is_type(DataType::Null));
        that(Thing::NAME.is_type(DataType::Number));
        that(!Thing::SIZE.gt(0));
        that(Thing::SIZE.gt(0).and(Thing::NEW.eq(true)));
        that(Thing::SIZE.gt(3).or(Thing::NEW.eq(false)));
        that(!(Thing::SIZE.gt(0).or(Thing::NAME.eq("a"))).and(Thing::LEAST.exists()));
        that(Thing::SIZE.lt(0).or(Thing::SIZE.gt(2)).and(!Thing::LABELS.contains("label 0").or(Thing::NEW.exists())));
    }
}

async fn ids(things: &Read<Thing>, condition: Condition<Thing>) -> Result<Vec<u32>, Error> {
    things.query(1).filter(condition).select(Thing::ID).all().await
}
