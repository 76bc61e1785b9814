//! Updates: every action, on attributes and on what is inside them, and what they give back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom::{
    Document, Json, Read, Table, Write, handler,
    table::{Number, Set},
};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Parcel {
    #[partition_key]
    id: String,
    status: String,
    address: Option<Address>,
    #[serde(default)]
    stops: Vec<Stop>,
    #[serde(default)]
    fees: BTreeMap<String, i64>,
    paid: Option<i64>,
    weight: Option<Number>,
    labels: Set<String>,
    codes: Set<u32>,
}

#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    /// A reserved word.
    name: String,
    street_lines: Vec<String>,
    floor: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
struct Stop {
    city: String,
}

fn parcel() -> Parcel {
    Parcel {
        id: "1".into(),
        status: "new".into(),
        address: Some(Address { name: "Ann".into(), street_lines: vec!["one".into(), "two".into()], floor: Some(3) }),
        stops: vec![stop("Oslo")],
        fees: BTreeMap::from([("eu.std".to_owned(), 5)]),
        paid: Some(5),
        weight: None,
        labels: Set::from(["red".to_owned()]),
        codes: Set::new(),
    }
}

fn stop(city: &str) -> Stop {
    Stop { city: city.into() }
}

fn number(text: &str) -> Number {
    text.parse().expect("it is a number")
}

#[handler(invoke)]
async fn updates(parcels: Write<Parcel>, reads: Read<Parcel>) -> Json<Lines> {
    let update = || parcels.update("1");
    let exact = || parcels.update("exact");
    transcript! {
        parcels.put(&parcel());
        update().set(Parcel::STATUS, "sent");
        update().set(Parcel::STATUS, "late").returning_old();
        update().set(Parcel::STATUS, "lost").returning_nothing();
        update().set(Parcel::ADDRESS.then(Address::NAME), "Bob");
        update().set(Parcel::ADDRESS.then(Address::STREET_LINES).at(0), Parcel::STATUS);
        update().set(Parcel::ADDRESS.then(Address::STREET_LINES).at(9), "at the end");
        update().remove(Parcel::ADDRESS.then(Address::STREET_LINES).at(1)).remove(Parcel::ADDRESS.then(Address::FLOOR));
        update().set(Parcel::ADDRESS.then(Address::FLOOR), 7).remove(Parcel::PAID);
        update().add(Parcel::PAID, 3);
        update().add(Parcel::PAID, -10);
        update().add(Parcel::FEES.entry("eu.std"), 2).add(Parcel::FEES.entry("new one"), 7);
        update().remove(Parcel::FEES.entry("eu.std"));
        update().set_if_absent(Parcel::PAID, 100);
        update().remove(Parcel::PAID).set(Parcel::STATUS, "unpaid");
        update().set_if_absent(Parcel::PAID, 100);
        update().append(Parcel::STOPS, [stop("Bern"), stop("Ulm")]);
        update().prepend(Parcel::STOPS, [stop("Kiel")]);
        update().set(Parcel::STOPS.at(1).then(Stop::CITY), "Rome").remove(Parcel::STOPS.at(0));
        update().add(Parcel::LABELS, ["blue", "red", "green"]).add(Parcel::CODES, [3, 1]);
        update().delete(Parcel::LABELS, ["red", "black"]).delete(Parcel::CODES, [1]);
        update().delete(Parcel::CODES, [3]);
        update().set(Parcel::WEIGHT, number("12.50"));
        update().add(Parcel::WEIGHT, number("-0.25"));
        update().set(Parcel::STATUS, Parcel::ADDRESS.then(Address::NAME)).set(Parcel::ADDRESS.then(Address::NAME), "Eve");
        update();
        reads.get_consistent("1");
        parcels.update("2").set(Parcel::STATUS, "made").or_create();
        parcels.update("3").append(Parcel::STOPS, [stop("Ulm")]).set(Parcel::STATUS, "made").or_create().returning_old();
        parcels.update("3").add(Parcel::PAID, 5).add(Parcel::CODES, [9]).or_create();
        parcels.update("4").set(Parcel::STATUS, "made").or_create().returning_nothing();
        reads.get_many(["2", "3", "4", "5"]);
        exact().set(Parcel::WEIGHT, number("0.00000000000000000001")).set(Parcel::STATUS, "exact").or_create();
        exact().add(Parcel::WEIGHT, number("12345678901234567.00000000000000000001"));
    }
}

#[handler(invoke)]
async fn updates_refused(parcels: Write<Parcel>, reads: Read<Parcel>) -> Json<Lines> {
    let update = || parcels.update("1");
    transcript! {
        parcels.put(&parcel());
        parcels.update("none").set(Parcel::STATUS, "sent");
        parcels.update("none").set(Parcel::STATUS, "sent").only_if(Parcel::STATUS.eq("new"));
        parcels.update("none").only_if(Parcel::exists()).set(Parcel::STATUS, "sent").or_create();
        update().set(Parcel::STATUS, "sent").only_if(Parcel::STATUS.eq("late"));
        update().set(Parcel::STATUS, "sent").only_if(Parcel::STOPS.size().gt(1)).returning_nothing();
        update().set(Parcel::STATUS, "sent").only_if(Parcel::PAID.gt(Parcel::FEES.entry("eu.std"))).returning_old();
        update().set(Parcel::STATUS, "sent").only_if(Parcel::LABELS.contains("red").and(Parcel::PAID.is_in([4, 5])));
        update().set(Parcel::STATUS, "sent").only_if(Parcel::STATUS.ne("sent")).returning_nothing();
        update().set(Parcel::STOPS.at(0).then(Stop::CITY), "Rome").only_if(Parcel::STOPS.at(0).then(Stop::CITY).eq("Oslo"));
        update().set(Parcel::FEES.entry("x"), 1).only_if(Parcel::FEES.entry("x").not_exists());
        update().set(Parcel::FEES.entry("x"), 2).only_if(Parcel::FEES.entry("x").not_exists());
        parcels.update("bare").set(Parcel::STATUS, "made").or_create();
        parcels.update("bare").set(Parcel::ADDRESS.then(Address::NAME), "nowhere");
        parcels.update("bare").set(Parcel::STATUS, Parcel::ADDRESS.then(Address::NAME));
        parcels.update("bare").add(Parcel::FEES.entry("x"), 2);
        reads.get_many(["1", "bare", "none"]);
    }
}
