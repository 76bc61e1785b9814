//! What is on its way.

use serde::{Deserialize, Serialize};
use skyloom::{
    Collection, Context, Created, Entity, Error, Json, Path, Read, ReadIndex, Transact, handler,
    table::{self, Cancellation},
};

use crate::{
    customers::{Address, Shopper},
    orders::{Order, Status, own},
    shop::{Gsi1, Gsi2, Line, Shop, Time},
};

/// A parcel. `Gsi1` has it with what is in it, `Gsi2` with the warehouse that it came from.
#[expect(clippy::duplicated_attributes, reason = "two indexes may have the same sort key (rust-clippy #12923)")]
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "o#{order}", sort = "sh#{id}")]
#[index(Gsi1, partition = "sh#{id}", sort = "sh#{id}")]
#[index(Gsi2, partition = "w#{warehouse}", sort = "sh#{id}")]
pub struct Shipment {
    /// Of which order.
    pub order: String,
    /// Its number.
    pub id: String,
    /// From where.
    pub warehouse: String,
    /// To where.
    pub address: Address,
    /// When it was sent.
    pub shipped_at: Time,
}

/// What is in a parcel of a product.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "o#{order}", sort = "shp#{shipment}#{product}")]
#[index(Gsi1, partition = "sh#{shipment}", sort = "p#{product}")]
pub struct ShipmentItem {
    /// Of which order.
    pub order: String,
    /// In which parcel.
    pub shipment: String,
    /// Of what.
    pub product: String,
    /// How many of it.
    pub quantity: u32,
}

/// What `Gsi1` has of a shipment.
#[derive(Collection)]
#[collection(index = Gsi1)]
pub(crate) enum OfShipment {
    Shipment(Shipment),
    Item(ShipmentItem),
}

/// A shipment with what is in it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ShipmentDetails {
    /// The shipment.
    pub shipment: Shipment,
    /// What is in it.
    pub items: Vec<ShipmentItem>,
}

/// What staff say of a parcel that they hand over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewShipment {
    /// The carrier's number of it.
    pub id: String,
    /// From where it is sent.
    pub warehouse: String,
    /// What is in it.
    pub items: Vec<Line>,
}

/// `getShipmentByOrderId`.
#[handler(GET "/orders/{order}/shipments", auth = Shopper)]
async fn shipments_of_order(
    shopper: Shopper,
    Path(order): Path<String>,
    orders: Read<Order>,
    shipments: Read<Shipment>,
) -> Result<Json<Vec<Shipment>>, Error> {
    own(&orders, &order, &shopper).await?;
    Ok(Json(shipments.query(&order).all().await?))
}

/// `getShipmentDetailsByShipmentId`: the parcel and what is in it, with one request.
#[handler(GET "/staff/shipments/{shipment}", auth = Shopper, groups = ["staff"])]
async fn get_shipment(
    Path(shipment): Path<String>,
    details: ReadIndex<Gsi1, OfShipment>,
) -> Result<Json<ShipmentDetails>, Error> {
    let mut found = None;
    let mut items = Vec::new();
    for item in details.query(&shipment).all().await? {
        match item {
            OfShipment::Shipment(shipment) => found = Some(shipment),
            OfShipment::Item(item) => items.push(item),
        }
    }
    let shipment = found.ok_or_else(|| Error::not_found("no such shipment"))?;
    Ok(Json(ShipmentDetails { shipment, items }))
}

/// `getShipmentByWarehouseId`.
#[handler(GET "/staff/warehouses/{warehouse}/shipments", auth = Shopper, groups = ["staff"])]
async fn shipments_of_warehouse(
    Path(warehouse): Path<String>,
    shipments: ReadIndex<Gsi2, Shipment>,
) -> Result<Json<Vec<Shipment>>, Error> {
    Ok(Json(shipments.query(&warehouse).all().await?))
}

/// Notes that a parcel of a paid order was handed over.
#[handler(POST "/staff/orders/{order}/shipments", auth = Shopper, groups = ["staff"])]
async fn ship(
    Path(order): Path<String>,
    Json(new): Json<NewShipment>,
    context: Context,
    orders: Read<Order>,
    tx: Transact<(Order, Shipment, ShipmentItem)>,
) -> Result<Created<Json<Shipment>>, Error> {
    let order = orders.query(&order).first().await?.ok_or_else(|| Error::not_found("no such order"))?;
    let shipment = Shipment {
        order: order.id.clone(),
        id: new.id,
        warehouse: new.warehouse,
        address: order.address.clone(),
        shipped_at: context.now().into(),
    };
    tx.write(parts(&tx, &order, &shipment, &new.items)).await.map_err(not_paid)?;
    Ok(Created(Json(shipment)))
}

/// The order goes on first, so that the index of a part that fails tells whether it was that.
fn parts(
    tx: &Transact<(Order, Shipment, ShipmentItem)>,
    order: &Order,
    shipment: &Shipment,
    lines: &[Line],
) -> Vec<table::Part> {
    let (orders, shipments, items) = tx.tables();
    let sendable = Order::STATUS.is_in([Status::Paid, Status::Shipped]);
    let shipped = orders.update((&order.id, &order.customer)).set(Order::STATUS, Status::Shipped).only_if(sendable);
    let mut parts = vec![shipped.into(), shipments.put_new(shipment).into()];
    parts.extend(lines.iter().map(|Line { product, quantity }| {
        let item = ShipmentItem {
            order: order.id.clone(),
            shipment: shipment.id.clone(),
            product: product.clone(),
            quantity: *quantity,
        };
        items.put_new(&item).into()
    }));
    parts
}

fn not_paid(error: table::Error) -> Error {
    match &error {
        table::Error::TransactionCancelled(cancelled) => match cancelled.parts() {
            [part, ..] if !matches!(part.reason, Cancellation::ConditionFailed(_)) => error.into(),
            [part, ..] if part.index == 0 => Error::conflict("the order is not paid"),
            _ => Error::conflict("there is a shipment with that number"),
        },
        _ => error.into(),
    }
}
