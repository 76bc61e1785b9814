#![allow(unused)]

use serde::{Deserialize, Serialize};
use skyloom::{Document, Table, table::Condition};

#[derive(Table, Serialize, Deserialize)]
struct Order {
    #[partition_key]
    id: String,
    address: Address,
    total: u64,
}

#[derive(Document, Serialize, Deserialize)]
struct Address {
    city: String,
}

#[derive(Document, Serialize, Deserialize)]
struct Person {
    name: String,
}

fn unknown_field() -> Condition<Order> {
    Order::ADDRESS.then(Address::CTY).eq("Oslo")
}

fn field_of_another_document() -> Condition<Order> {
    Order::ADDRESS.then(Person::NAME).eq("Ann")
}

fn no_document() -> Condition<Order> {
    Order::TOTAL.then(Address::CITY).eq("Oslo")
}

fn main() {}
