//! A shop: shoppers place, pay and cancel orders; a paid order is shipped; staff see what is where.

mod handlers;
mod model;

pub use model::{NewOrder, Order, Shipment, Shopper, Status};
