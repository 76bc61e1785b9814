//! Input of attackers, for the tests of what reads it: right texts with a few changes, which get further into a parser than noise does.
//!
//! The same few hundred in each run. `PROPTEST_CASES=1000000 cargo test --package skyloom-local --lib fuzz` looks for more.

use std::env;

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

pub(crate) fn config() -> Config {
    let is_searching = ["PROPTEST_CASES", "PROPTEST_RNG_SEED"].iter().any(|name| env::var_os(name).is_some());
    let config = Config { failure_persistence: None, ..Config::default() };
    if is_searching { config } else { Config { rng_seed: RngSeed::Fixed(1), ..config } }
}

/// What parsers stumble over.
const STUMBLING_BLOCKS: [&str; 28] = [
    "",
    "\0",
    "\n",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "%",
    "%00",
    "%zz",
    "%ff",
    "..",
    "//",
    "=",
    ",",
    ";",
    ":",
    "{",
    "]",
    "null",
    "-1",
    "1e999",
    "18446744073709551616",
    "99999999999999",
    "\u{feff}",
    "\u{1f600}",
    "*?*?*",
    "${a}",
];

#[derive(Clone, Debug)]
enum Change {
    Byte(u8),
    Insert(&'static str),
    Remove(usize),
    Double(usize),
    Cut,
}

/// One of the texts with up to six changes, each at a place of its own.
pub(crate) fn changed(texts: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let change = prop_oneof![
        any::<u8>().prop_map(Change::Byte),
        prop::sample::select(&STUMBLING_BLOCKS[..]).prop_map(Change::Insert),
        (1_usize..40).prop_map(Change::Remove),
        (1_usize..200).prop_map(Change::Double),
        Just(Change::Cut),
    ];
    let changes = prop::collection::vec((any::<prop::sample::Index>(), change), 0..6);
    (prop::sample::select(texts), changes).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (place, change) in changes {
            apply(&mut bytes, &place, &change);
        }
        bytes
    })
}

fn apply(bytes: &mut Vec<u8>, place: &prop::sample::Index, change: &Change) {
    let place = place.index(bytes.len() + 1);
    let until = |length: usize| (place + length).min(bytes.len());
    match change {
        Change::Byte(byte) => bytes.iter_mut().skip(place).take(1).for_each(|it| *it = *byte),
        Change::Insert(text) => drop(bytes.splice(place..place, text.bytes())),
        Change::Remove(length) => drop(bytes.drain(place..until(*length))),
        Change::Double(length) => {
            let part = bytes[place..until(*length)].to_vec();
            drop(bytes.splice(place..place, part));
        }
        Change::Cut => bytes.truncate(place),
    }
}

/// The same as a text, where the parser takes no others.
pub(crate) fn changed_text(texts: Vec<String>) -> impl Strategy<Value = String> {
    changed(texts).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
