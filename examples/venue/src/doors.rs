//! The doors: scanners keep a connection open, admit people by their tickets, and see how many are in.

use serde::{Deserialize, Serialize};
use skyloom::{
    Api, BearerToken, Change, ConnectionContext, Error, Json, Path, Read, ReadIndex, Sender, Table, Unauthorized,
    Write, handler, table,
};

use crate::house::House;
use crate::tickets::{State, Ticket};

/// What scanners are connected to. A message's member `do` names its route.
#[derive(Debug, Api)]
#[api(websocket, route_selection = "$request.body.do")]
pub struct Floor;

/// A scanner that the house owns.
#[derive(Debug, Table, Serialize, Deserialize)]
pub struct Device {
    /// The token that is burnt into it.
    #[partition_key]
    pub token: String,
    /// The door at which it is.
    pub door: String,
    /// The show for which it admits.
    pub show: String,
}

/// A scanner that is connected.
#[derive(Debug, Table, Serialize, Deserialize)]
#[index(ByShow, partition = "show")]
pub struct Watching {
    /// The connection's id.
    #[partition_key]
    pub connection: String,
    /// The show whose count it is told.
    pub show: String,
}

/// The scanner at a door.
#[derive(Debug, Serialize, Deserialize)]
pub struct Scanner {
    /// The door.
    pub door: String,
    /// The show for which it admits.
    pub show: String,
}

/// What a scanner reads.
#[derive(Deserialize)]
struct Scan {
    code: String,
}

/// What a scanner shows.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Admitted {
    /// The ticket's code.
    pub code: String,
    /// Through which door.
    pub door: String,
}

/// How many are in.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// People.
    pub inside: usize,
}

/// Knows scanners by their token.
#[handler(authorizer, cache = "1m")]
async fn scanner(token: BearerToken, devices: Read<Device>) -> Result<Scanner, Unauthorized> {
    let Device { door, show, .. } = devices.get(token.as_str()).await?.ok_or(Unauthorized::new())?;
    Ok(Scanner { door, show })
}

/// A scanner is switched on.
#[handler(websocket = "$connect", api = Floor, auth = Scanner)]
async fn switch_on(scanner: Scanner, context: ConnectionContext, watching: Write<Watching>) -> Result<(), Error> {
    watching.put(&Watching { connection: context.connection_id().into(), show: scanner.show }).await?;
    Ok(())
}

/// A scanner is switched off.
#[handler(websocket = "$disconnect", api = Floor)]
async fn switch_off(context: ConnectionContext, watching: Write<Watching>) -> Result<(), Error> {
    watching.delete(context.connection_id()).await?;
    Ok(())
}

/// Admits who has this ticket, once: `{"do": "admit", "code": "…"}`.
#[handler(websocket = "admit", api = Floor)]
async fn admit(
    scanner: Scanner,
    Json(Scan { code }): Json<Scan>,
    tickets: Write<Ticket>,
) -> Result<Json<Admitted>, Error> {
    let entry = tickets.update((&scanner.show, &code)).set(Ticket::STATE, State::Admitted);
    entry.only_if(Ticket::STATE.eq(State::Sold)).await.map_err(turned_away)?;
    Ok(Json(Admitted { code, door: scanner.door }))
}

fn turned_away(error: table::Error) -> Error {
    match error {
        table::Error::ConditionFailed(_) => Error::conflict("somebody is in with this ticket"),
        table::Error::ItemNotFound => Error::not_found("no ticket of this show"),
        other => other.into(),
    }
}

/// Says what there is to say.
#[handler(websocket = "$default", api = Floor)]
async fn explain() -> String {
    r#"{"usage": {"do": "admit", "code": "the ticket's"}}"#.to_owned()
}

/// Tells the scanners of a show how many are in, whenever somebody came.
#[handler(stream = Ticket, filter(new.state = "admitted", event = "modify"), retries = 3)]
async fn announce(
    change: Change<Ticket>,
    tickets: Read<Ticket>,
    watching: ReadIndex<ByShow>,
    floor: Sender<Floor>,
) -> Result<(), Error> {
    let Some(Ticket { show, .. }) = change.into_new() else { return Ok(()) };
    let inside = inside(&tickets, &show).await?;
    let scanners = watching.query(&show).all().await?;
    floor.send_to_all(scanners.into_iter().map(|scanner| scanner.connection), &inside).await?;
    Ok(())
}

/// Says how many are in, to a scanner that has just been switched on.
#[handler(GET "/shows/{show}/inside", api = House, auth = Scanner)]
async fn count_inside(Path(show): Path<String>, tickets: Read<Ticket>) -> Result<Json<Inside>, Error> {
    Ok(Json(inside(&tickets, &show).await?))
}

async fn inside(tickets: &Read<Ticket>, show: &str) -> Result<Inside, table::Error> {
    let inside = tickets.query(show).filter(Ticket::STATE.eq(State::Admitted)).count().await?;
    Ok(Inside { inside })
}
