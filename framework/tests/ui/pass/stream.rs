//! Every option of a stream handler, and what it may return.

use serde::{Deserialize, Serialize};
use skyloom::{Change, ChangeRecord, Context, Error, Table, Window, Write, handler};

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
pub struct Order {
    #[partition_key]
    pub id: String,
    pub status: String,
    pub total: u64,
    pub r#type: Option<bool>,
    pub address: Option<Address>,
    pub note: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub struct Address {
    pub home: Place,
}

#[derive(Serialize, Deserialize)]
pub struct Place {
    pub city: Option<String>,
}

#[handler(
    stream = Order,
    filter(new.status = "paid", old.status = ["open", "held"], event = "modify"),
    filter(new.total = 5, new.r#type = true),
    filter(event = ["insert", "remove"]),
    batch_size = 10,
    batch_window = "5s",
    retries = 3,
    max_record_age = "1h",
    bisect,
    parallelization = 2,
    starting_position = "latest",
    timeout = "15m",
)]
async fn one(change: Change<Order>, orders: Write<Order>, context: Context) -> Result<(), Error> {
    drop((change, orders, context));
    Ok(())
}

#[handler(stream = Order)]
async fn nothing_to_say(_: Change<Order>) {}

#[handler(stream = Order)]
async fn batch(changes: Vec<Change<Order>>) -> Result<(), Error> {
    drop(changes);
    Ok(())
}

#[handler(stream = self::Order)]
async fn each(changes: Vec<Change<self::Order>>) -> Vec<Result<(), Error>> {
    changes.iter().map(|_| Ok(())).collect()
}

/// Every operator of a filter.
#[handler(
    stream = Order,
    filter(key.id starts_with ["A#", "B#"], new.note ends_with "!", old.note not starts_with "x"),
    filter(new.total in 10..=100, old.total < 10, new.status != ["open", "held"], old.r#type != true),
    filter(new.note exists, old.note not exists, new.status equals_ignore_case "paid"),
    filter(new.address.home.city = "Bern", any(event = "insert", all(old.total >= 1, old.status = "held"))),
    on_failure = queue("DeadLetters"),
)]
async fn filtered(change: ChangeRecord<Order>) {
    drop((change.sequence_number, change.created, change.change));
}

#[derive(Default, Serialize, Deserialize)]
pub struct Sum {
    total: u64,
}

#[handler(stream = Order, tumbling_window = "1m", on_failure = "arn:aws:s3:::failed")]
async fn summed(changes: Vec<Change<Order>>, window: Window<Sum>) -> Result<Sum, Error> {
    let total = changes.iter().filter_map(Change::new_item).map(|order| order.total).sum::<u64>();
    Ok(Sum { total: window.state.total + total })
}

#[handler(stream = Order, tumbling_window = "1m")]
async fn summed_in_part(changes: Vec<Change<Order>>, window: Window<Sum>) -> (Sum, Vec<Result<(), Error>>) {
    (window.state, changes.iter().map(|_| Ok(())).collect())
}

#[handler(stream = Order)]
async fn each_or_all(changes: Vec<ChangeRecord<Order>>) -> Result<Vec<Result<(), Error>>, Error> {
    Ok(changes.iter().map(|_| Ok(())).collect())
}
