//! The office: long lists, sent while they are read.

use skyloom::{Iam, Path, Read, Scan, Streamed, handler};

use crate::house::House;
use crate::people::Crew;
use crate::tickets::Ticket;

/// Each ticket of a show as a line, for the crew.
#[handler(GET "/shows/{show}/tickets", api = House, auth = Crew, timeout = "5m")]
async fn tickets_of_show(Path(show): Path<String>, tickets: Read<Ticket>) -> Streamed {
    Streamed::written("application/x-ndjson", async move |mut body| {
        let mut all = tickets.query(&show).stream();
        while let Some(ticket) = all.try_next().await? {
            body.send_json_line(&ticket).await?;
        }
        Ok(())
    })
}

/// Each ticket that was ever sold, for the accountant, who has credentials of the account.
#[handler(url, auth = Iam, timeout = "15m")]
async fn takings(tickets: Scan<Ticket>) -> Streamed {
    Streamed::written("application/x-ndjson", async move |mut body| {
        let mut all = tickets.items().stream();
        while let Some(ticket) = all.try_next().await? {
            body.send_json_line(&ticket).await?;
        }
        Ok(())
    })
}
