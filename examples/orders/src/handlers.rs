use std::time::{Duration, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{
    Change, Context, Created, Error, Json, NoContent, Path, Public, Query, Read, ReadIndex, Scan, Write, handler,
    table::{self, Cursor},
    tracing,
};

use crate::model::{ByStatus, NewOrder, Order, Shipment, Shopper, Status};

/// How long a cancelled order is kept.
const FORGET_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Says that the shop is open.
#[handler(GET "/health", auth = Public)]
async fn health() -> &'static str {
    "ok"
}

/// Places an order.
#[handler(POST "/orders", auth = Shopper)]
async fn place_order(
    shopper: Shopper,
    Json(new): Json<NewOrder>,
    context: Context,
    orders: Write<Order>,
) -> Result<Created<Json<Order>>, Error> {
    if new.item.trim().is_empty() {
        return Err(Error::unprocessable("an order needs an item"));
    }
    let placed_at = since_epoch(&context);
    let order = Order {
        shopper: shopper.sub,
        // The time first, so that a shopper's orders are in its order; the request's id, so that no two are alike.
        id: format!("{:013}-{}", placed_at.as_millis(), context.request_id()),
        status: Status::Open,
        placed_at: u64::try_from(placed_at.as_millis()).map_err(Error::internal)?,
        item: new.item,
        total_cents: new.total_cents,
        expires_at: None,
    };
    orders.put_new(&order).await?;
    tracing::info!(order = order.id, total_cents = order.total_cents, "order placed");
    Ok(Created(Json(order)))
}

/// A page of a list.
#[derive(Serialize, JsonSchema)]
struct Page {
    orders: Vec<Order>,
    /// What to send as `after` to get the next one; without it this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Cursor>,
}

#[derive(Deserialize, JsonSchema)]
struct Paging {
    /// Where the page before ended: its `next`.
    after: Option<Cursor>,
    /// How many orders a page has, 1 to 100; 20 if nothing is said.
    limit: Option<u32>,
}

/// Lists the shopper's own orders, the newest first.
#[handler(GET "/orders", auth = Shopper)]
async fn list_orders(shopper: Shopper, Query(paging): Query<Paging>, orders: Read<Order>) -> Result<Json<Page>, Error> {
    let limit = paging.limit.unwrap_or(20).clamp(1, 100);
    let mut query = orders.query(&shopper.sub).descending().limit(limit);
    if let Some(cursor) = paging.after {
        query = query.after(cursor);
    }
    let page = query.page().await?;
    Ok(Json(Page { orders: page.items, next: page.next }))
}

/// Reads one of the shopper's own orders.
#[handler(GET "/orders/{id}", auth = Shopper)]
async fn get_order(shopper: Shopper, Path(id): Path<String>, orders: Read<Order>) -> Result<Json<Order>, Error> {
    let order = orders.get((&shopper.sub, &id)).await?;
    order.map(Json).ok_or_else(|| Error::not_found("no such order"))
}

/// Pays an open order.
#[handler(POST "/orders/{id}/pay", auth = Shopper)]
async fn pay_order(shopper: Shopper, Path(id): Path<String>, orders: Write<Order>) -> Result<Json<Order>, Error> {
    let paid = orders
        .update((&shopper.sub, &id))
        .set(Order::STATUS, Status::Paid)
        .only_if(Order::STATUS.eq(Status::Open))
        .await;
    paid.map(Json).map_err(not_open)
}

/// Cancels an open order.
#[handler(DELETE "/orders/{id}", auth = Shopper)]
async fn cancel_order(
    shopper: Shopper,
    Path(id): Path<String>,
    context: Context,
    orders: Write<Order>,
) -> Result<NoContent, Error> {
    orders
        .update((&shopper.sub, &id))
        .set(Order::STATUS, Status::Cancelled)
        .set(Order::EXPIRES_AT, Some((since_epoch(&context) + FORGET_AFTER).as_secs()))
        .only_if(Order::STATUS.eq(Status::Open))
        .await
        .map_err(not_open)?;
    Ok(NoContent)
}

/// Lists all orders of a status, the oldest first; for staff.
#[handler(GET "/staff/orders/{status}", auth = Shopper, groups = ["staff"])]
async fn list_by_status(Path(status): Path<Status>, by_status: ReadIndex<ByStatus>) -> Result<Json<Vec<Order>>, Error> {
    Ok(Json(by_status.query(status).limit(100).page().await?.items))
}

/// Ships an order when it has been paid.
#[handler(stream = Order, filter(new.status = "paid"), batch_size = 100)]
async fn ship(change: Change<Order>, shipments: Write<Shipment>) -> Result<(), Error> {
    let Change::Modified { old, new } = change else { return Ok(()) };
    if old.status == Status::Paid {
        return Ok(());
    }
    let shipment = Shipment { order: new.id, shopper: new.shopper, item: new.item };
    match shipments.put_new(&shipment).await {
        Ok(()) => tracing::info!(order = shipment.order, "shipped"),
        // The stream delivers at least once; the second time the parcel is on its way.
        Err(table::Error::ConditionFailed(_)) => tracing::info!(order = shipment.order, "already shipped"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Reports how the shop is doing.
#[handler(schedule = "rate(1 hour)", memory = 256, timeout = "30s")]
async fn report(orders: Scan<Order>) -> Result<(), Error> {
    let orders = orders.all().await?;
    let paid: Vec<_> = orders.iter().filter(|order| order.status == Status::Paid).collect();
    let revenue: u64 = paid.iter().map(|order| order.total_cents).sum();
    tracing::info!(orders = orders.len(), paid = paid.len(), revenue_cents = revenue, "hourly report");
    Ok(())
}

/// An order that is there can be paid or cancelled only while it is open.
fn not_open(error: table::Error) -> Error {
    match error {
        table::Error::ConditionFailed(_) => Error::conflict("the order is not open"),
        table::Error::ItemNotFound => Error::not_found("no such order"),
        other => other.into(),
    }
}

fn since_epoch(context: &Context) -> Duration {
    context.now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
