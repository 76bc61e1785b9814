use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{Key, Table, UserPool};

/// Shoppers and staff sign in here. Each field is a claim of their token.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up, groups = ["staff"])]
pub struct Shopper {
    /// The shopper's id, which never changes.
    pub sub: String,
    /// Where to write to.
    pub email: Option<String>,
}

/// An order of a shopper.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize, JsonSchema)]
#[table(stream = "new-and-old-images", ttl = "expires_at")]
#[index(ByStatus, partition = "status", sort = "placed_at")]
pub struct Order {
    /// Whose it is: the shopper's `sub`.
    #[partition_key]
    pub shopper: String,
    /// Unique among the shopper's orders; later orders sort behind earlier ones.
    #[sort_key]
    pub id: String,
    /// How far it is.
    pub status: Status,
    /// Milliseconds since the epoch.
    pub placed_at: u64,
    /// What was ordered.
    pub item: String,
    /// What it costs, in cents.
    pub total_cents: u64,
    /// When a cancelled order is forgotten, in seconds since the epoch.
    pub expires_at: Option<u64>,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Key, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Placed and not yet paid.
    Open,
    /// Paid, so it is shipped.
    Paid,
    /// Cancelled before it was paid.
    Cancelled,
}

/// A parcel on its way.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
pub struct Shipment {
    /// The order's id.
    #[partition_key]
    pub order: String,
    /// To whom: the shopper's `sub`.
    pub shopper: String,
    /// What is in it.
    pub item: String,
}

/// What a shopper sends to place an order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// What to order.
    pub item: String,
    /// What it costs, in cents.
    pub total_cents: u64,
}
