//! What can be bought.

use serde::{Deserialize, Serialize};
use skyloom::{Entity, Error, Json, NoContent, Path, Public, Read, Write, handler};

use crate::{customers::Shopper, shop::Shop};

/// A product.
#[derive(Clone, Debug, PartialEq, Entity, Serialize, Deserialize)]
#[entity(table = Shop, partition = "p#{id}", sort = "p#{id}")]
pub struct Product {
    /// Its number.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What one of it costs, in cents.
    pub price_cents: u64,
    /// How often it was changed.
    #[version]
    pub version: u64,
}

/// What staff say of a product.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// What it is called.
    pub name: String,
    /// What one of it costs, in cents.
    pub price_cents: u64,
    /// The version that was changed; none for a new product.
    #[serde(default)]
    pub version: u64,
}

/// Adds a product, or changes the version that is named: of two who change the same one, the second is told.
#[handler(PUT "/staff/products/{product}", auth = Shopper, groups = ["staff"])]
async fn put_product(
    Path(id): Path<String>,
    Json(new): Json<NewProduct>,
    products: Write<Product>,
) -> Result<NoContent, Error> {
    let product = Product { id, name: new.name, price_cents: new.price_cents, version: new.version };
    products.put(&product).await?;
    Ok(NoContent)
}

/// `getProductByProductId`.
#[handler(GET "/products/{product}", auth = Public)]
async fn get_product(Path(product): Path<String>, products: Read<Product>) -> Result<Json<Product>, Error> {
    let product = products.get((&product, &product)).await?;
    product.map(Json).ok_or_else(|| Error::not_found("no such product"))
}
