//! Two tables of the same rows: in one the text is the sort key, in the other the number.

use std::collections::BTreeMap;

use proptest::{option, prelude::*};
use serde::{Deserialize, Serialize};
use skyloom::{Table, table::Number};

/// What an item has, whichever table it is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) shelf: u8,
    pub(crate) text: String,
    pub(crate) number: Number,
    /// An index does not have a row without one.
    pub(crate) colour: Option<u8>,
    pub(crate) size: Option<i8>,
}

macro_rules! rows {
    ($($table:ident),*) => {$(
        impl From<Row> for $table {
            fn from(Row { shelf, text, number, colour, size }: Row) -> Self {
                Self { shelf, text, number, colour, size }
            }
        }

        impl From<$table> for Row {
            fn from($table { shelf, text, number, colour, size }: $table) -> Self {
                Self { shelf, text, number, colour, size }
            }
        }
    )*};
}

#[expect(clippy::duplicated_attributes, reason = "two indexes may have the same sort key (rust-clippy #12923)")]
#[derive(Table, Serialize, Deserialize)]
#[index(TextsByNumber, local, sort = "number")]
#[index(TextsByColour, partition = "colour", sort = "number")]
pub(crate) struct Texts {
    #[partition_key]
    shelf: u8,
    #[sort_key]
    text: String,
    number: Number,
    colour: Option<u8>,
    size: Option<i8>,
}

#[expect(clippy::duplicated_attributes, reason = "two indexes may have the same sort key (rust-clippy #12923)")]
#[derive(Table, Serialize, Deserialize)]
#[index(NumbersByText, local, sort = "text")]
#[index(NumbersByColour, partition = "colour", sort = "text")]
pub(crate) struct Numbers {
    #[partition_key]
    shelf: u8,
    #[sort_key]
    number: Number,
    text: String,
    colour: Option<u8>,
    size: Option<i8>,
}

rows!(Texts, Numbers);

/// What is stored of these rows: of two with the same key, the later one.
pub(crate) fn stored<K: Ord>(rows: &[Row], key: impl Fn(&Row) -> K) -> Vec<Row> {
    let stored: BTreeMap<K, Row> = rows.iter().map(|row| (key(row), row.clone())).collect();
    stored.into_values().collect()
}

pub(crate) fn row() -> impl Strategy<Value = Row> {
    let colour = option::weighted(0.8, 0..2_u8);
    (0..2_u8, text(), number(), colour, option::of(-2..=2_i8)).prop_map(|(shelf, text, number, colour, size)| Row {
        shelf,
        text,
        number,
        colour,
        size,
    })
}

/// Few letters, so that texts begin alike; the last two are in another order in UTF-16 than they are in DynamoDB's UTF-8.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "[ab\u{e9}\u{ffee}\u{1f600}]{1,2}"
}

/// Few small ones, so that they often meet, and any that DynamoDB can store.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    let most = 10_i128.pow(38) - 1;
    let any = (-most..=most, 0..38_u32, -92..=87_i32)
        .prop_map(|(digits, fewer, exponent)| format!("{}e{exponent}", digits / 10_i128.pow(fewer)));
    let small = (-2..=2_i8).prop_map(|number| number.to_string());
    let half = (-5..=5_i8).prop_map(|number| format!("{number}e-1"));
    prop_oneof![3 => small, 2 => half, 2 => any].prop_map(|text| text.parse().expect("DynamoDB can store it"))
}
