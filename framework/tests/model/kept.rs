//! Structs of every kind of attribute, through put, get and update.

use std::collections::BTreeMap;

use proptest::{
    collection::{btree_map, btree_set, vec},
    option,
    prelude::*,
    strategy::ValueTree,
};
use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Document, Error, Read, Scan, Table, Write, handler,
    table::{Number, Set},
};
use skyloom_local::Local;

use crate::{rows::number, runner};

const CASES: usize = 100;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Thing {
    #[partition_key]
    id: i64,
    #[sort_key]
    hash: Bytes,
    text: String,
    letter: Option<char>,
    wide: u64,
    ratio: f64,
    half: Option<f32>,
    exact: Number,
    flag: bool,
    texts: Set<String>,
    numbers: Set<Number>,
    binaries: Set<Bytes>,
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
struct Inner {
    unit: (),
    pair: (Option<i8>, String),
    list: Vec<Kind>,
    by_name: BTreeMap<String, Kind>,
    by_number: BTreeMap<i16, Option<bool>>,
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    Newtype(Number),
    Tuple(i32, Bytes),
    Struct { texts: Vec<String>, numbers: Set<Number> },
}

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..6).prop_map(Bytes::from)
}

fn kind() -> impl Strategy<Value = Kind> {
    let numbers = btree_set(number(), 0..3).prop_map(Set::from);
    prop_oneof![
        Just(Kind::Unit),
        number().prop_map(Kind::Newtype),
        (any::<i32>(), bytes()).prop_map(|(number, bytes)| Kind::Tuple(number, bytes)),
        (vec(any::<String>(), 0..3), numbers).prop_map(|(texts, numbers)| Kind::Struct { texts, numbers }),
    ]
}

fn inner() -> impl Strategy<Value = Inner> {
    let maps = (btree_map(".{1,4}", kind(), 0..3), btree_map(any::<i16>(), any::<Option<bool>>(), 0..3));
    let leaf = (any::<(Option<i8>, String)>(), vec(kind(), 0..3), maps)
        .prop_map(|(pair, list, (by_name, by_number))| Inner { unit: (), pair, list, by_name, by_number, inner: None });
    leaf.prop_recursive(3, 6, 1, |within| {
        (within.clone(), within).prop_map(|(outer, inner)| Inner { inner: Some(Box::new(inner)), ..outer })
    })
}

fn thing() -> impl Strategy<Value = Thing> {
    let hash = vec(any::<u8>(), 1..6).prop_map(Bytes::from);
    let ratio = prop_oneof![-1e120..1e120_f64, -1.0..1.0_f64];
    let scalars = (any::<String>(), any::<Option<char>>(), any::<u64>(), ratio, option::of(-1e30..1e30_f32));
    let sets = (
        btree_set(any::<String>(), 0..4).prop_map(Set::from),
        btree_set(number(), 0..4).prop_map(Set::from),
        btree_set(bytes(), 0..4).prop_map(Set::from),
    );
    let inner = option::of(inner().prop_map(Box::new));
    (any::<i64>(), hash, scalars, number(), any::<bool>(), sets, inner).prop_map(
        |(id, hash, (text, letter, wide, ratio, half), exact, flag, (texts, numbers, binaries), inner)| Thing {
            id,
            hash,
            text,
            letter,
            wide,
            ratio,
            half,
            exact,
            flag,
            texts,
            numbers,
            binaries,
            inner,
        },
    )
}

fn things() -> Vec<Thing> {
    let mut runner = runner(1);
    (0..CASES).map(|_| thing().new_tree(&mut runner).expect("every case is valid").current()).collect()
}

#[handler(invoke)]
async fn keeps(writes: Write<Thing>, reads: Read<Thing>, scan: Scan<Thing>) -> Result<(), Error> {
    let things = things();
    for thing in &things {
        let key = (thing.id, &thing.hash);
        writes.put(thing).await?;
        assert_eq!(reads.get(key).await?.as_ref(), Some(thing));
        let found = reads.query(thing.id).sort_eq(&thing.hash).filter(Thing::EXACT.eq(thing.exact)).all().await?;
        assert_eq!(found, std::slice::from_ref(thing));
    }
    // One takes from the next what it has inside, by an update.
    for (thing, next) in things.iter().zip(&things[1..]) {
        let update = writes.update((thing.id, &thing.hash)).set(Thing::TEXT, &next.text).set(Thing::EXACT, next.exact);
        let updated = match &next.inner {
            Some(inner) => update.set(Thing::INNER, inner).await?,
            None => update.remove(Thing::INNER).await?,
        };
        let Thing { text, exact, inner, .. } = next.clone();
        assert_eq!(updated, Thing { text, exact, inner, ..thing.clone() });
    }
    assert_eq!(scan.items().count().await?, CASES);
    Ok(())
}

#[skyloom_local::test]
async fn what_is_written_is_read_back_whatever_it_is(app: Local) {
    app.invoke::<()>("keeps", &()).await.unwrap();
}
