//! Warehouses and what lies in them.

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Error, Json, NoContent, Path, Read, ReadIndex, Table, Transact, Write, handler, table};

use crate::{
    catalogue::Product,
    customers::{Address, Shopper},
    restock::StockLevel,
    shop::{Inverted, Shop},
};

/// A warehouse.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "w#{id}", sort = "w#{id}")]
pub struct Warehouse {
    /// Its number.
    pub id: String,
    /// Where it is.
    pub address: Address,
}

/// What a warehouse has of a product: in the partition of the product, and by the inverted index of the warehouse.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "p#{product}", sort = "w#{warehouse}")]
pub struct StockItem {
    /// Of what.
    pub product: String,
    /// Where.
    pub warehouse: String,
    /// How many of it.
    pub quantity: u32,
}

/// What staff say of a warehouse.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWarehouse {
    /// Where it is.
    pub address: Address,
}

/// What comes into a warehouse.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The number on the delivery note, by which a delivery is not counted twice.
    pub note: String,
    /// Of what.
    pub product: String,
    /// How many of it.
    pub quantity: u32,
}

/// Adds a warehouse, or changes it.
#[handler(PUT "/staff/warehouses/{warehouse}", auth = Shopper, groups = ["staff"])]
async fn put_warehouse(
    Path(id): Path<String>,
    Json(new): Json<NewWarehouse>,
    warehouses: Write<Warehouse>,
) -> Result<NoContent, Error> {
    warehouses.put(&Warehouse { id, address: new.address }).await?;
    Ok(NoContent)
}

/// `getWarehouseByWarehouseId`.
#[handler(GET "/staff/warehouses/{warehouse}", auth = Shopper, groups = ["staff"])]
async fn get_warehouse(Path(id): Path<String>, warehouses: Read<Warehouse>) -> Result<Json<Warehouse>, Error> {
    warehouses.get((&id, &id)).await?.map(Json).ok_or_else(|| Error::not_found("no such warehouse"))
}

/// Puts a delivery into a warehouse. The warehouse and the product have to be there.
#[handler(POST "/staff/warehouses/{warehouse}/deliveries", auth = Shopper, groups = ["staff"])]
async fn deliver(
    Path(warehouse): Path<String>,
    Json(delivery): Json<Delivery>,
    tx: Transact<(Warehouse, Product, StockItem, StockLevel)>,
) -> Result<NoContent, Error> {
    let (warehouses, products, stock, levels) = tx.tables();
    let Delivery { note, product, quantity } = delivery;
    let delivered = tx
        .write([
            warehouses.check((&warehouse, &warehouse), Warehouse::exists()),
            products.check((&product, &product), Product::exists()),
            stock.update((&product, &warehouse)).add(StockItem::QUANTITY, quantity).or_create().into(),
            levels.update(&product).add(StockLevel::AVAILABLE, quantity).or_create().into(),
        ])
        .token(note)
        .await;
    match delivered {
        Err(table::Error::TransactionCancelled(cancelled)) if !cancelled.is_retryable() => {
            Err(Error::not_found("no such warehouse or product"))
        }
        other => Ok(other.map(|()| NoContent)?),
    }
}

/// `getProductInventoryByProductId`: what each warehouse has of a product.
#[handler(GET "/staff/products/{product}/inventory", auth = Shopper, groups = ["staff"])]
async fn inventory_of_product(
    Path(product): Path<String>,
    stock: Read<StockItem>,
) -> Result<Json<Vec<StockItem>>, Error> {
    Ok(Json(stock.query(&product).all().await?))
}

/// `getProductInventoryByWarehouseId`: what a warehouse has of each product.
#[handler(GET "/staff/warehouses/{warehouse}/inventory", auth = Shopper, groups = ["staff"])]
async fn inventory_of_warehouse(
    Path(warehouse): Path<String>,
    stock: ReadIndex<Inverted, StockItem>,
) -> Result<Json<Vec<StockItem>>, Error> {
    Ok(Json(stock.query(&warehouse).all().await?))
}
