//! Handlers of a table that entities share take changes of one of them, or of several.

use serde::{Deserialize, Serialize};
use skyloom::{Change, ChangeRecord, Collection, Entity, Table, Window, handler};

#[derive(Table)]
#[table(stream = "new-and-old-images")]
pub struct Shop;

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{id}", sort = "PROFILE")]
pub struct Customer {
    pub id: String,
    pub name: String,
}

#[derive(Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
pub struct Order {
    pub customer: String,
    pub id: String,
    pub status: String,
    pub total_cents: u64,
}

#[derive(Collection)]
pub enum CustomerItems {
    Customer(Customer),
    Order(Order),
}

#[handler(stream = Shop, filter(new.status = "paid", any(new.total_cents > 100, old.status not exists)))]
async fn one(change: Change<Order>) {
    drop(change);
}

#[handler(stream = self::Shop)]
async fn batch(changes: Vec<ChangeRecord<self::Customer>>) {
    drop(changes);
}

#[handler(stream = Shop, filter(event = "remove"))]
async fn several(change: Change<CustomerItems>) {
    drop(change);
}

#[derive(Default, Serialize, Deserialize)]
pub struct Count {
    orders: usize,
}

#[handler(stream = Shop, tumbling_window = "1m")]
async fn counted(changes: Vec<Change<Order>>, window: Window<Count>) -> Count {
    Count { orders: window.state.orders + changes.len() }
}
