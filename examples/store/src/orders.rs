//! Orders and their items. An order's partition has all that belongs to it: items, invoice, shipments.

use serde::{Deserialize, Serialize};
use skyloom::{
    Collection, Entity, Error, Json, Key, Path, Query, Read, ReadCollection, ReadIndex, handler,
    table::{Cursor, Page},
};

use crate::{
    customers::{Address, Shopper},
    invoices::Invoice,
    shipments::{Shipment, ShipmentItem},
    shop::{Dates, Gsi1, Gsi2, Inverted, Shop, Time},
};

/// An order. Its sort key is the customer, so that the inverted index has a customer's orders.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "o#{id}", sort = "c#{customer}")]
pub struct Order {
    /// Unique, and later orders sort behind earlier ones.
    pub id: String,
    /// Who placed it.
    pub customer: String,
    /// How far it is.
    pub status: Status,
    /// When it was placed.
    pub placed_at: Time,
    /// Where it is sent to: a copy, since the customer may move.
    pub address: Address,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Key, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Placed and not yet paid.
    Open,
    /// Paid in full.
    Paid,
    /// On its way.
    Shipped,
}

/// A product of an order, at the price that it then had.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "o#{order}", sort = "p#{product}")]
#[index(Gsi1, partition = "p#{product}", sort = "{ordered_at}")]
#[index(Gsi2, partition = "c#{customer}", sort = "p#{ordered_at}")]
pub struct OrderItem {
    /// Of which order.
    pub order: String,
    /// What was ordered.
    pub product: String,
    /// By whom.
    pub customer: String,
    /// When.
    pub ordered_at: Time,
    /// From where it is sent.
    pub warehouse: String,
    /// How many of it.
    pub quantity: u32,
    /// What one of it cost, in cents.
    pub price_cents: u64,
}

/// What the partition of an order has in it.
#[derive(Collection)]
pub(crate) enum OfOrder {
    Order(Order),
    Item(OrderItem),
    Invoice(Invoice),
    Shipment(Shipment),
    Shipped(ShipmentItem),
}

/// All of an order.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderDetails {
    /// The order itself.
    pub order: Option<Order>,
    /// What was ordered.
    pub items: Vec<OrderItem>,
    /// What it costs.
    pub invoice: Option<Invoice>,
    /// What was sent.
    pub shipments: Vec<Shipment>,
    /// What was in it.
    pub shipped: Vec<ShipmentItem>,
}

impl OrderDetails {
    fn add(&mut self, item: OfOrder) {
        match item {
            OfOrder::Order(order) => self.order = Some(order),
            OfOrder::Item(item) => self.items.push(item),
            OfOrder::Invoice(invoice) => self.invoice = Some(invoice),
            OfOrder::Shipment(shipment) => self.shipments.push(shipment),
            OfOrder::Shipped(item) => self.shipped.push(item),
        }
    }
}

#[derive(Deserialize)]
struct Paging {
    after: Option<Cursor>,
}

/// Lists the customer's own orders, the newest first.
#[handler(GET "/orders", auth = Shopper)]
async fn list_orders(
    shopper: Shopper,
    Query(paging): Query<Paging>,
    orders: ReadIndex<Inverted, Order>,
) -> Result<Json<Page<Order>>, Error> {
    Ok(Json(orders.query(&shopper.sub).descending().limit(20).after(paging.after).page().await?))
}

/// `getOrderDetailsByOrderId`: the order with all that belongs to it, with one request.
#[handler(GET "/orders/{order}", auth = Shopper)]
async fn get_order(
    shopper: Shopper,
    Path(order): Path<String>,
    items: ReadCollection<OfOrder>,
) -> Result<Json<OrderDetails>, Error> {
    let mut details = OrderDetails::default();
    items.query(&order).all().await?.into_iter().for_each(|item| details.add(item));
    match &details.order {
        Some(order) if order.customer == shopper.sub => Ok(Json(details)),
        _ => Err(no_such_order()),
    }
}

/// `getProductByOrderId`: what was ordered.
#[handler(GET "/orders/{order}/items", auth = Shopper)]
async fn items_of_order(
    shopper: Shopper,
    Path(order): Path<String>,
    orders: Read<Order>,
    items: Read<OrderItem>,
) -> Result<Json<Vec<OrderItem>>, Error> {
    own(&orders, &order, &shopper).await?;
    Ok(Json(items.query(&order).all().await?))
}

/// `getOrderByProductIdForDateRange`: who ordered a product in these days.
#[handler(GET "/staff/products/{product}/orders", auth = Shopper, groups = ["staff"])]
async fn orders_of_product(
    Path(product): Path<String>,
    Query(dates): Query<Dates>,
    items: ReadIndex<Gsi1, OrderItem>,
) -> Result<Json<Vec<OrderItem>>, Error> {
    Ok(Json(items.query(&product).sort_between(dates.from, dates.to).all().await?))
}

/// `getProductsByCustomerIdForDateRange`: what the customer bought in these days.
#[handler(GET "/me/purchases", auth = Shopper)]
async fn purchases(
    shopper: Shopper,
    Query(dates): Query<Dates>,
    items: ReadIndex<Gsi2, OrderItem>,
) -> Result<Json<Vec<OrderItem>>, Error> {
    Ok(Json(items.query(&shopper.sub).sort_between(dates.from, dates.to).all().await?))
}

/// The order, if it is the shopper's. Whose it is, is in its key: another's is not found.
pub(crate) async fn own(orders: &Read<Order>, order: &str, shopper: &Shopper) -> Result<Order, Error> {
    orders.get((order, &shopper.sub)).await?.ok_or_else(no_such_order)
}

fn no_such_order() -> Error {
    Error::not_found("no such order")
}
