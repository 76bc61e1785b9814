//! `put`, `get` and a page of fifty items.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};

use skyloom::__private::TestTable;

use crate::{
    line, median,
    model::{Measurement, Place},
};

const TURNS: u64 = 1_000;
const ITEMS_OF_A_PAGE: u64 = 50;

pub fn run() {
    println!("one request, the median of {TURNS}, in process");
    crate::model::run(async |app| {
        let table = app.table::<Measurement>();
        let (client, name) = (table.client().clone(), table.table_name().to_owned());
        for at in 0..ITEMS_OF_A_PAGE {
            table.put(&Measurement::new("page", at)).await;
        }
        let (mut ours, mut bare) = (Times::default(), Times::default());
        for turn in 0..TURNS {
            // Each has items of its own, since a write that changes nothing costs less, and goes first every other time.
            let (of_ours, of_bare) = (Measurement::new("ours", turn), Measurement::new("bare", turn));
            if turn % 2 == 0 {
                ours.take(&table, &of_ours).await;
                bare.take_bare(&client, &name, &of_bare).await;
            } else {
                bare.take_bare(&client, &name, &of_bare).await;
                ours.take(&table, &of_ours).await;
            }
        }
        ours.print(bare);
    });
    println!();
}

#[derive(Default)]
struct Times {
    put: Vec<Duration>,
    get: Vec<Duration>,
    query: Vec<Duration>,
}

impl Times {
    async fn take(&mut self, table: &TestTable<Measurement>, item: &Measurement) {
        self.put.push(timed(table.put(item)).await);
        self.get.push(timed(table.get((&item.sensor, item.at))).await);
        self.query.push(timed(table.query("page")).await);
    }

    async fn take_bare(&mut self, client: &Client, name: &str, item: &Measurement) {
        self.put.push(timed(put(client, name, item)).await);
        self.get.push(timed(get(client, name, item)).await);
        self.query.push(timed(query(client, name)).await);
    }

    fn print(self, bare: Self) {
        for (what, ours, bare) in
            [("put", self.put, bare.put), ("get", self.get, bare.get), ("query of 50 items", self.query, bare.query)]
        {
            let bare = median(bare);
            line(&format!("{what}, skyloom"), median(ours), bare, "the SDK with conversion by hand");
            line(&format!("{what}, aws-sdk-dynamodb"), bare, bare, "itself");
        }
    }
}

async fn timed<T>(work: impl Future<Output = T>) -> Duration {
    let before = Instant::now();
    std::hint::black_box(work.await);
    before.elapsed()
}

async fn put(client: &Client, table: &str, item: &Measurement) {
    let request = client.put_item().table_name(table).set_item(Some(to_item(item)));
    request.send().await.expect("the item is stored");
}

async fn get(client: &Client, table: &str, item: &Measurement) -> Measurement {
    let key = HashMap::from([
        ("sensor".to_owned(), AttributeValue::S(item.sensor.clone())),
        ("at".to_owned(), AttributeValue::N(item.at.to_string())),
    ]);
    let request = client.get_item().table_name(table).set_key(Some(key)).consistent_read(true);
    from_item(request.send().await.expect("an answer").item.expect("an item"))
}

async fn query(client: &Client, table: &str) -> Vec<Measurement> {
    let request = client.query().table_name(table).key_condition_expression("#n0 = :v0").consistent_read(true);
    let request = request.expression_attribute_names("#n0", "sensor");
    let request = request.expression_attribute_values(":v0", AttributeValue::S("page".to_owned()));
    request.send().await.expect("an answer").items.unwrap_or_default().into_iter().map(from_item).collect()
}

/// As one writes it by hand.
fn to_item(item: &Measurement) -> HashMap<String, AttributeValue> {
    let place = HashMap::from([
        ("building".to_owned(), AttributeValue::S(item.place.building.clone())),
        ("floor".to_owned(), AttributeValue::N(item.place.floor.to_string())),
    ]);
    let labels = item.labels.iter().cloned().map(AttributeValue::S).collect();
    let mut attributes = HashMap::with_capacity(6);
    attributes.insert("sensor".to_owned(), AttributeValue::S(item.sensor.clone()));
    attributes.insert("at".to_owned(), AttributeValue::N(item.at.to_string()));
    attributes.insert("celsius".to_owned(), AttributeValue::N(item.celsius.to_string()));
    attributes.insert("place".to_owned(), AttributeValue::M(place));
    attributes.insert("labels".to_owned(), AttributeValue::L(labels));
    if let Some(note) = &item.note {
        attributes.insert("note".to_owned(), AttributeValue::S(note.clone()));
    }
    attributes
}

/// As one writes it by hand.
fn from_item(mut item: HashMap<String, AttributeValue>) -> Measurement {
    let mut place = map(item.remove("place"));
    Measurement {
        sensor: text(item.remove("sensor")),
        at: number(item.remove("at")),
        celsius: number(item.remove("celsius")),
        place: Place { building: text(place.remove("building")), floor: number(place.remove("floor")) },
        labels: match item.remove("labels") {
            Some(AttributeValue::L(labels)) => labels.into_iter().map(|label| text(Some(label))).collect(),
            other => panic!("no list: {other:?}"),
        },
        note: item.remove("note").map(|note| text(Some(note))),
    }
}

fn text(value: Option<AttributeValue>) -> String {
    match value {
        Some(AttributeValue::S(text)) => text,
        other => panic!("no string: {other:?}"),
    }
}

fn number<N: std::str::FromStr>(value: Option<AttributeValue>) -> N {
    match value {
        Some(AttributeValue::N(text)) => text.parse().unwrap_or_else(|_| panic!("no such number: {text}")),
        other => panic!("no number: {other:?}"),
    }
}

fn map(value: Option<AttributeValue>) -> HashMap<String, AttributeValue> {
    match value {
        Some(AttributeValue::M(map)) => map,
        other => panic!("no map: {other:?}"),
    }
}
