//! The table that all of the shop is in, and what its items have in common.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use skyloom::{Table, table::Rfc3339};

/// The one table. An item's key begins with a letter that says what it is of: `c#` is a customer, `p#` a product, `w#` a
/// warehouse, `o#` an order, `i#` an invoice, `sh#` a shipment.
///
/// `Gsi1` and `Gsi2` are overloaded: what is in them differs from entity to entity. `Inverted` answers which partitions an
/// item is in: all orders with the customer `c#…`.
#[derive(Debug, Table)]
#[table(stream = "new-and-old-images", ttl = "expires_at")]
#[index(Inverted, partition = "sk", sort = "pk")]
#[index(Gsi1, partition = "gsi1pk", sort = "gsi1sk")]
#[index(Gsi2, partition = "gsi2pk", sort = "gsi2sk")]
pub struct Shop;

/// A point in time as keys have it: text that sorts as time does.
pub(crate) type Time = Rfc3339<SystemTime>;

/// The dates that a list is limited to, both included.
#[derive(Deserialize)]
pub(crate) struct Dates {
    pub(crate) from: Time,
    pub(crate) to: Time,
}

/// A number of something of a product, in requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub product: String,
    /// How many of it.
    pub quantity: u32,
}
