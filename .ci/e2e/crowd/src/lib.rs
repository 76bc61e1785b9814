//! An application that many come to at once, with requests and with connections that stay.

use serde::{Deserialize, Serialize};
use skyloom::{Api, Bytes, ConnectionContext, Error, Json, Public, Scan, Sender, Table, Write, handler};

/// For those who ask once.
#[derive(Api)]
#[api(http, default)]
pub struct Desk;

/// For those who stay.
#[derive(Api)]
#[api(websocket)]
pub struct Hall;

/// Who is in the hall.
#[derive(Table, Serialize, Deserialize)]
pub struct Guest {
    /// The connection's id.
    #[partition_key]
    pub connection: String,
    /// What the guest calls itself.
    pub name: String,
}

#[handler(POST "/echo", auth = Public)]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[handler(websocket = "$connect", api = Hall, auth = Public)]
async fn enter(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    let name = context.query("name").unwrap_or_default().into();
    Ok(guests.put(&Guest { connection: context.connection_id().into(), name }).await?)
}

#[handler(websocket = "$disconnect", api = Hall)]
async fn leave(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    Ok(guests.delete(context.connection_id()).await?)
}

#[handler(websocket = "repeat", api = Hall)]
async fn repeat(text: String) -> String {
    text
}

/// What is said to all whose name begins so.
#[derive(Serialize, Deserialize)]
pub struct Call {
    /// The beginning.
    pub to: String,
    /// The words.
    pub text: String,
}

/// Says it, and to the caller whether all could take it.
#[handler(websocket = "call", api = Hall)]
async fn call(Json(call): Json<Call>, guests: Scan<Guest>, hall: Sender<Hall>) -> Result<String, Error> {
    let guests = guests.page().await?.items;
    let called = guests.into_iter().filter(|guest| guest.name.starts_with(&call.to)).map(|guest| guest.connection);
    Ok(match hall.send_to_all(called, &call).await {
        Ok(_) => "all".into(),
        Err(error) => error.to_string(),
    })
}
