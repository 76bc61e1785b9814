//! What a customer is about to buy. A cart that nobody touches is forgotten.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use skyloom::{Context, Entity, Error, Json, NoContent, Path, Read, Write, handler, table::Seconds};

use crate::{customers::Shopper, shop::Shop};

/// How long a product stays in a cart.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A product in a cart.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "c#{customer}", sort = "cart#{product}")]
pub struct CartItem {
    /// Whose cart it is.
    pub customer: String,
    /// What is in it.
    pub product: String,
    /// How many of it.
    pub quantity: u32,
    /// When it is forgotten.
    pub expires_at: Seconds<SystemTime>,
}

/// Puts so many of a product into the cart, in place of what was there of it.
#[handler(PUT "/me/cart/{product}", auth = Shopper)]
async fn put_into_cart(
    shopper: Shopper,
    Path(product): Path<String>,
    Json(quantity): Json<u32>,
    context: Context,
    cart: Write<CartItem>,
) -> Result<Json<CartItem>, Error> {
    if quantity == 0 {
        return Err(Error::unprocessable("put one or more into the cart, or DELETE the product from it"));
    }
    let item = CartItem { customer: shopper.sub, product, quantity, expires_at: (context.now() + KEPT_FOR).into() };
    cart.put(&item).await?;
    Ok(Json(item))
}

/// Takes a product out of the cart.
#[handler(DELETE "/me/cart/{product}", auth = Shopper)]
async fn take_from_cart(
    shopper: Shopper,
    Path(product): Path<String>,
    cart: Write<CartItem>,
) -> Result<NoContent, Error> {
    cart.delete((&shopper.sub, &product)).await?;
    Ok(NoContent)
}

/// Reads the cart.
#[handler(GET "/me/cart", auth = Shopper)]
async fn get_cart(shopper: Shopper, context: Context, cart: Read<CartItem>) -> Result<Json<Vec<CartItem>>, Error> {
    Ok(Json(in_cart(&cart, &shopper.sub, context.now()).await?))
}

/// What is in the cart. DynamoDB removes an item up to a few days after its time, so that those are left out here.
pub(crate) async fn in_cart(cart: &Read<CartItem>, customer: &str, now: SystemTime) -> Result<Vec<CartItem>, Error> {
    let fresh = CartItem::EXPIRES_AT.gt(Seconds(now));
    Ok(cart.query(customer).filter(fresh).consistent().all().await?)
}
