use serde::{Deserialize, Serialize};
use skyloom::{Error, Read, ReadIndex, Table, Write, handler};

#[derive(Table, Serialize, Deserialize)]
#[index(ByStatus, partition = "status")]
pub struct Order {
    #[partition_key]
    pub id: String,
    pub status: String,
}

#[handler(invoke)]
async fn cancel(orders: Read<Order>) -> Result<(), Error> {
    orders.delete("1").await?;
    Ok(())
}

#[handler(invoke)]
async fn look(orders: Write<Order>) -> Result<(), Error> {
    orders.get("1").await?;
    Ok(())
}

#[handler(invoke)]
async fn late(by_status: ReadIndex<ByStatus>) -> Result<(), Error> {
    by_status.query("open").consistent().all().await?;
    Ok(())
}

#[handler(invoke)]
async fn sorted(orders: Read<Order>) -> Result<(), Error> {
    orders.query("1").sort_eq("2").all().await?;
    Ok(())
}

#[handler(invoke)]
async fn count(orders: Read<Order>) -> Result<(), Error> {
    orders.all().await?;
    Ok(())
}

fn main() {}
