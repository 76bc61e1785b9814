//! What is read for an order: of the customer's partition with one query, of each product's with another.

use std::time::SystemTime;

use skyloom::{Collection, Error, ReadCollection};

use crate::{
    cart::CartItem,
    catalogue::Product,
    checkout::{Checkout, NewOrder},
    customers::{Address, DeliveryAddress},
    draft::{MOST_PRODUCTS, Picked},
    warehouses::StockItem,
};

/// What the partition of a customer has for an order.
#[derive(Collection)]
pub(crate) enum OfCustomer {
    Address(DeliveryAddress),
    Cart(CartItem),
    Checkout(Checkout),
}

/// What the partition of a product has for an order.
#[derive(Collection)]
pub(crate) enum OfProduct {
    Product(Product),
    Stock(StockItem),
}

/// What a customer is about to order.
#[derive(Default)]
pub(crate) struct Basket {
    /// The same request came before.
    pub(crate) checkout: Option<Checkout>,
    address: Option<Address>,
    cart: Vec<CartItem>,
}

impl Basket {
    pub(crate) async fn read(
        items: &ReadCollection<OfCustomer>,
        customer: &str,
        new: &NewOrder,
        now: SystemTime,
    ) -> Result<Self, Error> {
        let mut basket = Self::default();
        for item in items.query(customer).consistent().all().await? {
            match item {
                OfCustomer::Address(address) if address.label == new.address => basket.address = Some(address.address),
                OfCustomer::Cart(item) if *item.expires_at > now => basket.cart.push(item),
                OfCustomer::Checkout(checkout) if checkout.request == new.request => basket.checkout = Some(checkout),
                _ => {}
            }
        }
        Ok(basket)
    }

    pub(crate) fn address(&self) -> Result<Address, Error> {
        self.address.clone().ok_or_else(|| Error::unprocessable("there is no address of that label"))
    }

    pub(crate) fn products(&self) -> Result<&[CartItem], Error> {
        match self.cart.len() {
            0 => Err(Error::unprocessable("the cart is empty")),
            1..=MOST_PRODUCTS => Ok(&self.cart),
            _ => Err(Error::unprocessable(format!("an order has up to {MOST_PRODUCTS} products"))),
        }
    }
}

/// The price of a product, and a warehouse that has enough of it.
pub(crate) async fn pick(items: &ReadCollection<OfProduct>, wanted: &CartItem) -> Result<Picked, Error> {
    let (mut price_cents, mut warehouse) = (None, None);
    for item in items.query(&wanted.product).all().await? {
        match item {
            OfProduct::Product(product) => price_cents = Some(product.price_cents),
            OfProduct::Stock(stock) if stock.quantity >= wanted.quantity => warehouse = Some(stock.warehouse),
            OfProduct::Stock(_) => {}
        }
    }
    let gone = || Error::conflict(format!("{} of {} are not in stock", wanted.quantity, wanted.product));
    Ok(Picked {
        product: wanted.product.clone(),
        quantity: wanted.quantity,
        price_cents: price_cents.ok_or_else(gone)?,
        warehouse: warehouse.ok_or_else(gone)?,
    })
}
