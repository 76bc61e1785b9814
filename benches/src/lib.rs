//! What all of the compared programs do: take an order as JSON from a caller with a token, and answer with JSON.

pub mod items;

use serde::{Deserialize, Serialize};

/// The request's body.
#[derive(Debug, Deserialize)]
pub struct NewOrder {
    /// What is ordered.
    pub item: String,
    /// How many.
    pub quantity: u32,
    /// For whom.
    pub note: Option<String>,
}

/// The reply's body.
#[derive(Debug, Serialize)]
pub struct Placed {
    /// What is ordered.
    pub item: String,
    /// How many.
    pub quantity: u32,
    /// The caller's `sub`.
    pub shopper: String,
    /// The caller's `email`.
    pub email: String,
}

impl NewOrder {
    /// The work itself.
    pub fn place(self, shopper: String, email: String) -> Placed {
        Placed { item: self.item, quantity: self.quantity, shopper, email }
    }
}
