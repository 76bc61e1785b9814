//! What has to be bought because little of it is left.

use serde::{Deserialize, Serialize};
use skyloom::{Change, ChangeRecord, Entity, Error, Json, Path, Read, Write, handler, tracing};

use crate::{
    customers::Shopper,
    shop::{Shop, Time},
};

/// Fewer than so many are too few. The filter of [`restock`] says the same.
const ENOUGH: u32 = 5;

/// How much of a product all warehouses have together.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "p#{product}", sort = "level")]
pub struct StockLevel {
    /// Of what.
    pub product: String,
    /// How many of it can be bought.
    pub available: u32,
}

/// A note to buy more of a product.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "p#{product}", sort = "r#{at}#{event}")]
pub struct Restock {
    /// Of what.
    pub product: String,
    /// Since when there are too few.
    pub at: Time,
    /// The change that said so.
    pub event: String,
    /// How many were left.
    pub available: u32,
}

/// Notes when the level of a product falls below what is enough: once, however often it goes on falling.
#[handler(stream = Shop, filter(new.available < 5, event = "modify"), retries = 10, bisect)]
async fn restock(record: ChangeRecord<StockLevel>, notes: Write<Restock>) -> Result<(), Error> {
    let Change::Modified { old, new } = record.change else { return Ok(()) };
    if old.available < ENOUGH {
        return Ok(());
    }
    // The same record makes the same note, so that it does no harm to get it twice.
    let note =
        Restock { product: new.product, at: record.created.into(), event: record.event_id, available: new.available };
    notes.put(&note).await?;
    tracing::info!(product = note.product, available = note.available, "buy more");
    Ok(())
}

/// Lists when there was too little of a product, the last time first.
#[handler(GET "/staff/products/{product}/restocks", auth = Shopper, groups = ["staff"])]
async fn list_restocks(Path(product): Path<String>, notes: Read<Restock>) -> Result<Json<Vec<Restock>>, Error> {
    Ok(Json(notes.query(&product).descending().limit(20).all().await?))
}
