#![deny(warnings, missing_docs, missing_debug_implementations)]
//! Every option of a table, and names as serde gives them.

use serde::{Deserialize, Serialize};
use skyloom::{Bytes, Key, Table};

/// The state of an order.
#[derive(Debug, Key, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Not paid yet.
    Open,
    /// Paid.
    Paid,
}

/// The number of an order.
#[derive(Debug, Key, Serialize, Deserialize)]
pub struct OrderId(pub u64);

/// Only this module knows it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Private;

/// An order.
#[derive(Debug, Table, Serialize, Deserialize)]
#[table(stream = "keys-only", ttl = "expires_at")]
#[index(ByStatus, partition = "status", sort = "placed_at")]
#[index(ByTotal, local, sort = "total")]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Who ordered.
    #[partition_key]
    pub shopper: Bytes,
    /// What.
    #[sort_key]
    pub id: OrderId,
    /// The state; an order without one is not in the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// When.
    pub placed_at: String,
    /// How much.
    #[serde(rename = "sum")]
    pub total: u64,
    /// A name that is a keyword.
    pub r#type: u8,
    /// When it can go.
    pub expires_at: Option<u64>,
    #[serde(skip)]
    private: Private,
    also_private: Private,
}

#[test]
fn attributes_have_the_names_that_serde_gives_them() {
    assert_eq!(Order::STATUS.name(), "status");
    assert_eq!(Order::PLACED_AT.name(), "placedAt");
    assert_eq!(Order::TOTAL.name(), "sum");
    assert_eq!(Order::TYPE.name(), "type");
    assert_eq!(Order::ALSO_PRIVATE.name(), "alsoPrivate");
}
