//! Tickets: sold on the site, counted by a machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{Context, Created, Error, Json, Key, Path, Read, ReadIndex, Table, Transact, handler, table};

use crate::people::Visitor;
use crate::programme::Show;

/// Lets one person in, once.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize, JsonSchema)]
#[table(stream = "new-and-old-images")]
#[index(ByHolder, partition = "holder", sort = "show")]
pub struct Ticket {
    /// The evening.
    #[partition_key]
    pub show: String,
    /// What is printed on it.
    #[sort_key]
    pub code: String,
    /// The visitor or the ticket shop that has it.
    pub holder: String,
    /// What was paid.
    pub cents: u32,
    /// Whether somebody has come with it.
    pub state: State,
}

/// What became of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Key, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has come with it.
    Sold,
    /// Somebody is in.
    Admitted,
}

/// How many tickets of a show are sold.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sold {
    /// Tickets.
    pub tickets: u32,
}

/// Sells a visitor a seat, as long as there is one.
#[handler(POST "/shows/{show}/tickets", auth = Visitor, scopes = ["tickets/buy"])]
async fn buy(
    visitor: Visitor,
    Path(show): Path<String>,
    context: Context,
    shows: Read<Show>,
    sale: Transact<(Show, Ticket)>,
) -> Result<Created<Json<Ticket>>, Error> {
    let Show { id: show, cents, .. } = shows.get(&show).await?.ok_or_else(|| Error::not_found("no such show"))?;
    let code = context.request_id().to_owned();
    let ticket = Ticket { show, code, holder: visitor.sub, cents, state: State::Sold };
    sell(&sale, &ticket).await?;
    Ok(Created(Json(ticket)))
}

/// Counts the seat and writes the ticket, both or neither.
async fn sell(sale: &Transact<(Show, Ticket)>, ticket: &Ticket) -> Result<(), Error> {
    let (shows, tickets) = sale.tables();
    let seat = shows.update(&ticket.show).add(Show::SOLD, 1_u32).only_if(Show::SOLD.lt(Show::SEATS));
    match sale.write([seat.into(), tickets.put_new(ticket).into()]).await {
        Err(table::Error::TransactionCancelled(cancelled)) if cancelled.parts().iter().any(|part| part.index == 0) => {
            Err(Error::conflict("sold out"))
        }
        other => Ok(other?),
    }
}

/// Lists a visitor's own tickets.
#[handler(GET "/tickets", auth = Visitor)]
async fn my_tickets(visitor: Visitor, tickets: ReadIndex<ByHolder>) -> Result<Json<Vec<Ticket>>, Error> {
    Ok(Json(tickets.query(&visitor.sub).all().await?))
}

/// Says how many are sold, to the statistics office.
#[handler(GET "/shows/{show}/sold", auth = Visitor, scopes = ["tickets/count"])]
async fn count_sold(Path(show): Path<String>, shows: Read<Show>) -> Result<Json<Sold>, Error> {
    let show = shows.get(&show).await?.ok_or_else(|| Error::not_found("no such show"))?;
    Ok(Json(Sold { tickets: show.sold }))
}
