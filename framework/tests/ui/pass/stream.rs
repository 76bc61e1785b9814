//! Every option of a stream handler, and what it may return.

use serde::{Deserialize, Serialize};
use skyloom::{Change, Context, Error, Table, Write, handler};

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
pub struct Order {
    #[partition_key]
    pub id: String,
    pub status: String,
    pub total: u64,
    pub r#type: Option<bool>,
}

#[handler(
    stream = Order,
    filter(new.status = "paid", old.status = ["open", "held"], event = "modify"),
    filter(new.total = -5, new.r#type = true),
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

fn main() {}
