//! How a cart becomes an order, all of it or nothing.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use skyloom::{
    Context, Created, Entity, Error, Json, ReadCollection, Transact, handler,
    table::{self, Cancelled, Seconds},
    tracing,
};

use crate::{
    basket::{Basket, OfCustomer, OfProduct, pick},
    cart::CartItem,
    customers::Shopper,
    draft::Draft,
    invoices::Invoice,
    orders::{Order, OrderItem},
    restock::StockLevel,
    shop::Shop,
    warehouses::StockItem,
};

/// What a customer sends to order what is in the cart.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// The customer's number of it. Who did not get the answer sends the same again, and gets the same order.
    pub request: String,
    /// The label of the address to send it to.
    pub address: String,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The order that was made.
    pub order: String,
}

/// Which order a request made.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "c#{customer}", sort = "k#{request}")]
pub struct Checkout {
    /// Whose request it was.
    pub customer: String,
    /// The customer's number of it.
    pub request: String,
    /// What it made.
    pub order: String,
    /// When it is forgotten.
    pub expires_at: Seconds<SystemTime>,
}

/// What an order writes to.
pub(crate) type Tables = (Checkout, Order, Invoice, OrderItem, CartItem, StockItem, StockLevel);

/// Orders what is in the cart: the order, its items and its invoice are made, the stock is less, and the cart is empty, or
/// nothing is done.
#[handler(POST "/orders", auth = Shopper, timeout = "20s")]
async fn place_order(
    shopper: Shopper,
    Json(new): Json<NewOrder>,
    context: Context,
    of_customer: ReadCollection<OfCustomer>,
    of_product: ReadCollection<OfProduct>,
    tx: Transact<Tables>,
) -> Result<Created<Json<Placed>>, Error> {
    let basket = Basket::read(&of_customer, &shopper.sub, &new, context.now()).await?;
    if let Some(earlier) = basket.checkout {
        return Ok(placed(earlier.order));
    }
    let mut draft = Draft::new(&context, shopper.sub, new.request, basket.address()?);
    for wanted in basket.products()? {
        draft.add(pick(&of_product, wanted).await?);
    }
    match tx.write(draft.parts(&tx)).await {
        Ok(()) => Ok(placed(draft.order.id)),
        Err(table::Error::TransactionCancelled(cancelled)) => made_by_another(&cancelled).map(placed),
        Err(error) => Err(error.into()),
    }
}

fn placed(order: String) -> Created<Json<Placed>> {
    tracing::info!(order, "order placed");
    Created(Json(Placed { order }))
}

/// The order that the same request made at the same time, or why there is none.
fn made_by_another(cancelled: &Cancelled) -> Result<String, Error> {
    if cancelled.is_retryable() {
        return Err(Error::unavailable("somebody else orders the same at this moment: try again"));
    }
    match cancelled.parts() {
        [part, ..] if part.index == 0 => {
            let checkout = part.found::<Checkout>().map_err(Error::internal)?;
            checkout.map(|checkout| checkout.order).ok_or_else(changed)
        }
        _ => Err(changed()),
    }
}

fn changed() -> Error {
    Error::conflict("the cart or the stock has changed: look at the cart and try again")
}
