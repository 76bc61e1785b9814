//! An item of twelve fields with nested parts, and the three ways to convert it.

mod by_hand;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    str::FromStr,
};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use skyloom::table::Set;

/// What a conversion makes and takes.
pub type Item = HashMap<String, AttributeValue>;

/// The struct; each library has its own way to say that a field is a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order<Tags> {
    shopper: String,
    id: String,
    status: Status,
    placed_at: String,
    total_cents: u64,
    weight: f64,
    gift: bool,
    note: Option<String>,
    address: Address,
    lines: Vec<Line>,
    labels: BTreeMap<String, String>,
    tags: Tags,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Status {
    Open,
    Paid,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Address {
    street: String,
    city: String,
    zip: u32,
    country: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    sku: String,
    quantity: u32,
    cents: u64,
}

/// A set as serde_dynamo has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StringSet(#[serde(with = "serde_dynamo::string_set")] BTreeSet<String>);

impl FromIterator<String> for StringSet {
    fn from_iter<I: IntoIterator<Item = String>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

/// The same order for every conversion.
pub fn order<Tags: FromIterator<String>>() -> Order<Tags> {
    let line = |sku: &str, quantity, cents| Line { sku: sku.to_owned(), quantity, cents };
    Order {
        shopper: "8f14e45f-ceea-467f-a0e6-3a7b3c1f2d11".to_owned(),
        id: "ord-2026-000123456".to_owned(),
        status: Status::Paid,
        placed_at: "2026-11-22T17:47:00Z".to_owned(),
        total_cents: 129_900,
        weight: 2.75,
        gift: true,
        note: Some("Please ring twice.".to_owned()),
        address: Address {
            street: "Lindenstraße 5".to_owned(),
            city: "Berlin".to_owned(),
            zip: 10_969,
            country: Some("DE".to_owned()),
        },
        lines: vec![line("TEA-GREEN", 2, 1_250), line("KETTLE", 1, 4_900), line("CUP-BLUE", 6, 950)],
        labels: BTreeMap::from([("channel", "web"), ("season", "winter")].map(|(k, v)| (k.to_owned(), v.to_owned()))),
        tags: ["fragile", "new-customer", "priority"].map(str::to_owned).into_iter().collect(),
    }
}

/// A way to convert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// `skyloom::table::to_item` and `from_item`.
    Skyloom,
    /// `serde_dynamo::to_item` and `from_item`.
    SerdeDynamo,
    /// Field by field.
    ByHand,
}

impl Way {
    /// Skyloom first: the others are what it is compared with.
    pub const ALL: [Self; 3] = [Self::Skyloom, Self::SerdeDynamo, Self::ByHand];

    /// Its name in a table and as an argument.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skyloom => "skyloom",
            Self::SerdeDynamo => "serde_dynamo",
            Self::ByHand => "by-hand",
        }
    }
}

impl FromStr for Way {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|way| way.name() == name).ok_or_else(|| format!("there is no way `{name}`"))
    }
}

/// What Skyloom and the conversion by hand convert.
pub type Plain = Order<Set<String>>;
/// What serde_dynamo converts.
pub type Dynamo = Order<StringSet>;

// The measured functions are called as they are, so that callgrind can count what happens in them and nothing else.

/// A struct to an item.
#[inline(never)]
pub fn measured_put_skyloom(order: &Plain) -> Item {
    skyloom::table::to_item(order).expect("an item")
}

/// A struct to an item.
#[inline(never)]
pub fn measured_put_serde_dynamo(order: &Dynamo) -> Item {
    serde_dynamo::to_item(order).expect("an item")
}

/// A struct to an item.
#[inline(never)]
pub fn measured_put_by_hand(order: &Plain) -> Item {
    by_hand::to_item(order)
}

/// An item to a struct.
#[inline(never)]
pub fn measured_get_skyloom(item: Item) -> Plain {
    skyloom::table::from_item(item).expect("an order")
}

/// An item to a struct.
#[inline(never)]
pub fn measured_get_serde_dynamo(item: Item) -> Dynamo {
    serde_dynamo::from_item(item).expect("an order")
}

/// An item to a struct.
#[inline(never)]
pub fn measured_get_by_hand(item: Item) -> Plain {
    by_hand::from_item(item).expect("an order")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_makes_and_reads_the_same_item() {
        let item = measured_put_by_hand(&order());
        assert_eq!(measured_put_skyloom(&order()), item);
        assert_eq!(measured_put_serde_dynamo(&order()), item);
        assert_eq!(measured_get_skyloom(item.clone()), order());
        assert_eq!(measured_get_serde_dynamo(item.clone()), order());
        assert_eq!(measured_get_by_hand(item), order());
    }
}
