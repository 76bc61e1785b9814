//! Parcels and where they are: small, with one of each that a deployment treats in its own way.

use serde::{Deserialize, Serialize};
use skyloom::{Change, Error, Json, Path, Public, Read, Table, UserPool, Write, handler, tracing};

/// Couriers sign in here.
#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "email")]
pub struct Courier {
    /// Who it is.
    pub sub: String,
}

/// A parcel on its way.
#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
#[index(ByCity, partition = "city")]
pub struct Parcel {
    /// Its number.
    #[partition_key]
    pub id: String,
    /// Where it is.
    pub city: String,
    /// Who carries it.
    pub courier: String,
    /// Who gets it.
    pub recipient: String,
}

/// Reads a parcel.
#[handler(GET "/parcels/{id}", auth = Public)]
async fn get_parcel(Path(id): Path<String>, parcels: Read<Parcel>) -> Result<Json<Parcel>, Error> {
    parcels.get(&id).await?.map(Json).ok_or_else(|| Error::not_found("no such parcel"))
}

/// Takes a parcel.
#[handler(POST "/parcels", auth = Courier)]
async fn take_parcel(_: Courier, Json(parcel): Json<Parcel>, parcels: Write<Parcel>) -> Result<(), Error> {
    parcels.put(&parcel).await?;
    Ok(())
}

/// Tells that a parcel moved.
#[handler(stream = Parcel)]
async fn track(change: Change<Parcel>) -> Result<(), Error> {
    if let Change::Modified { new, .. } = change {
        tracing::info!(parcel = new.id, city = new.city, "moved");
    }
    Ok(())
}
